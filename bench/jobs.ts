import { loadCatalogue, runCampaign } from '../src/explore/index.ts';
import { checkTargets } from './measure.ts';

const rounds = Number(process.argv[2] ?? 12);
const warmUpRounds = 2;
/** Of one campaign, before it is the other's turn. */
const turnMs = 4000;
/** So long a campaign may take to begin, and to come to rest. */
const settleMs = 600;

const catalogue = await loadCatalogue();
const pairs = [...catalogue.arenas.values()].flatMap(({ name: arena, scenarios }) =>
  arena === 'arena-0-spine' ? scenarios.map((scenario) => ({ arena, scenario })) : [],
);

interface Speed {
  readonly runsPerSecond: number;
  /** Of processors, all threads of this process together. */
  readonly cpuMsPerRun: number;
}

/** A campaign that goes on only while it is its turn, so that it is warm whenever it is. */
class Campaign {
  readonly #ended: Promise<unknown>;
  #isPaused = true;
  #isOver = false;
  #runs = 0;
  #onRun: () => void = () => undefined;

  constructor(jobs: number) {
    this.#ended = runCampaign(catalogue, {
      plan: { seed: '42', pairs },
      runs: Infinity,
      jobs,
      isolate: true,
      bail: Infinity,
      shard: { index: 0, count: 1 },
      mutant: undefined,
      stop: () => this.#isOver,
      isPaused: () => this.#isPaused,
      onRun: () => {
        this.#runs++;
        this.#onRun();
      },
    });
  }

  /** Counted from record to record, so that the time to begin and to end does not matter. */
  async play(): Promise<Speed> {
    this.#isPaused = false;
    await sleep(settleMs);
    const [first, last] = await new Promise<[Mark, Mark]>((resolve) => {
      let begun: Mark | undefined;
      this.#onRun = () => {
        const mark = { runs: this.#runs, ms: performance.now(), cpuMs: cpuMs() };
        begun ??= mark;
        if (mark.ms - begun.ms >= turnMs) resolve([begun, mark]);
      };
    });
    this.#onRun = () => undefined;
    this.#isPaused = true;
    await sleep(settleMs);
    const runs = last.runs - first.runs;
    return {
      runsPerSecond: (1000 * runs) / (last.ms - first.ms),
      cpuMsPerRun: (last.cpuMs - first.cpuMs) / runs,
    };
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#ended;
  }
}

interface Mark {
  readonly runs: number;
  readonly ms: number;
  readonly cpuMs: number;
}

const one = new Campaign(1);
const two = new Campaign(2);
const speeds: { readonly one: Speed; readonly two: Speed }[] = [];
for (let round = -warmUpRounds; round < rounds; round++) {
  // Who is first takes turns, too: a machine that grows slower favours neither.
  const twoFirst = round % 2 === 0 ? await two.play() : undefined;
  const speed = { one: await one.play(), two: twoFirst ?? (await two.play()) };
  if (round >= 0) speeds.push(speed);
}
await Promise.all([one.end(), two.end()]);

const ratios = quartiles(speeds.map((speed) => speed.two.runsPerSecond / speed.one.runsPerSecond));
const line = (name: string, of: readonly number[]): string => {
  const [low, median, high] = quartiles(of).map((value) => value.toFixed(2).padStart(9));
  return `${name.padEnd(28)}${median}   (${low?.trim()} to ${high?.trim()})\n`;
};
process.stdout.write(
  `${''.padEnd(28)}   median   (quartiles) of ${rounds} rounds\n` +
    line(
      '1 job, runs a second',
      speeds.map((speed) => speed.one.runsPerSecond),
    ) +
    line(
      '2 jobs, runs a second',
      speeds.map((speed) => speed.two.runsPerSecond),
    ) +
    line(
      '1 job, CPU ms a run',
      speeds.map((speed) => speed.one.cpuMsPerRun),
    ) +
    line(
      '2 jobs, CPU ms a run',
      speeds.map((speed) => speed.two.cpuMsPerRun),
    ) +
    line(
      '2 jobs against 1',
      speeds.map((speed) => speed.two.runsPerSecond / speed.one.runsPerSecond),
    ),
);
process.stdout.write(
  `\n${checkTargets([
    { claim: 'runs a second, 2 jobs against 1', measured: ratios[1], must: 'at least', bound: 1.7 },
  ])}\n`,
);

function quartiles(values: readonly number[]): [low: number, median: number, high: number] {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (part: number): number => sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN;
  return [at(0.25), at(0.5), at(0.75)];
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
