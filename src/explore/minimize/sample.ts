import { type Tape, tycheiStream, type Uniform } from '../../sim/index.ts';
import { type Candidate, omissible, withSites } from './candidate.ts';

export interface SampleOptions {
  /** About how many operations to keep. */
  readonly operations: number;
  readonly count: number;
  /** Names the draws. */
  readonly seed: string;
}

const agentsMax = 4;
const schedules = ['random', 'pos', 'surw', 'pct-2', 'sticky'] as const;

/**
 * Small parts of a long run, drawn at random: a few agents with a few of their operations, under another schedule and
 * other faults. Where a failure is a race, no long run becomes a short one by leaving out one thing after the other,
 * for each that goes moves all others apart; but in a short run the race is soon met again.
 */
export function* samples(whole: Candidate, options: SampleOptions): Generator<Candidate> {
  const operations = omissible(whole.tape, 'workload').filter(isOperation);
  const agents = omissible(whole.tape, 'workload').filter((site) => !isOperation(site));
  for (let nth = 0; nth < options.count; nth++) {
    const seed = `${options.seed} sample ${nth}`;
    const dice = tycheiStream(seed);
    const kept = new Set<string>();
    const actors = actorsOf(operations);
    const chosen = draw(dice, actors, 1 + dice.below(Math.min(agentsMax, actors.length, options.operations)));
    for (const actor of chosen) kept.add(`omit ${actor}`);
    const theirs = operations.filter((site) => chosen.includes(actorOf(site)));
    for (const site of draw(dice, theirs, options.operations)) kept.add(site);
    const gone = [...operations, ...agents].filter((site) => !kept.has(site));
    const workload = withSites(whole.tape, 'workload', omitted(gone));
    const planned = omissible(workload, 'fault');
    const spared = new Set(draw(dice, planned, 1 + dice.below(2)));
    const tape = withSites(workload, 'fault', omitted(planned.filter((site) => !spared.has(site))));
    const strategy = schedules[nth % schedules.length] ?? 'random';
    yield {
      tape: dice.below(2) === 0 ? tape : withOtherKnobs(tape, dice),
      overtakings: [],
      shuffle: { strategy, seed, hasNewFaults: nth % 3 < 2 },
    };
  }
}

export function isOperation(site: string): boolean {
  return / op-\d+$/.test(site);
}

function actorsOf(operations: readonly string[]): readonly string[] {
  return [...new Set(operations.map(actorOf))];
}

/** `agent-1` of `omit agent-1 op-3`. */
function actorOf(site: string): string {
  return site.slice('omit '.length).replace(/ op-\d+$/, '');
}

/** At most `count` of `items`, in their order. */
function draw<T>(dice: Uniform, items: readonly T[], count: number): readonly T[] {
  const left = [...items];
  const chosen = new Set<T>();
  while (chosen.size < count && left.length > 0) chosen.add(left.splice(dice.below(left.length), 1)[0]!);
  return items.filter((item) => chosen.has(item));
}

function omitted(sites: readonly string[]): Record<string, readonly number[]> {
  return Object.fromEntries(sites.map((site) => [site, [2, 1]]));
}

/** A file half as large is full after half as many operations. */
function withOtherKnobs(tape: Tape, dice: Uniform): Tape {
  const sites = Object.entries(tape.knobs).filter(() => dice.below(4) === 0);
  return withSites(
    tape,
    'knobs',
    Object.fromEntries(
      sites.map(([site, values]) => [
        site,
        values.map((value, index) => (index % 2 === 0 ? value : dice.below(values[index - 1]!))),
      ]),
    ),
  );
}
