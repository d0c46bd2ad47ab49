import { markersOf } from '../arena/index.ts';
import type { ArenaSource } from './arena-source.ts';
import type { Catalogue } from './catalogue.ts';
import { exitCodes } from './exit-code.ts';
import { exhaustArenas } from './exhaustive/arenas.ts';
import { play } from './play.ts';
import { type CampaignPlan, exhaustive, planRun } from './run-plan.ts';
import type { CampaignSummary, RunRecord } from './run-record.ts';
import { StatsTally } from './stats-tally.ts';
import { WorkerPool, type WorkerState } from './worker-pool.ts';

export interface CampaignOptions {
  readonly plan: CampaignPlan;
  /** How many runs; infinity with a deadline. */
  readonly runs: number;
  /** Begin no more runs once this says so: a deadline, an interrupt. What is under way ends and counts. */
  stop(): boolean;
  /** Worker threads begin no runs for as long as this says so. */
  isPaused?(): boolean;
  /** Called a few times a second with what worker threads are at. */
  onWorkers?(workers: readonly WorkerState[]): void;
  /** Only runs with `run % count === index`. */
  readonly shard: { readonly index: number; readonly count: number };
  /** Worker threads; 1 plays in this thread unless `isolate` is set. */
  readonly jobs: number;
  /** Play in a worker thread even with one job: a run that hangs is ended and reported as an error. */
  readonly isolate?: boolean;
  /** Stop after this many runs that did not hold. */
  readonly bail: number;
  /** What workers load instead of all arenas. */
  readonly source?: ArenaSource | undefined;
  /** What workers run; `worker.js` by default. */
  readonly script?: URL | undefined;
  /** Planted bug that workers must load. */
  readonly mutant: string | undefined;
  /** Called once for each run, in the order of their numbers. */
  onRun(record: RunRecord): Promise<void> | void;
}

/** Plays many runs. Which runs there are, and what each does, depends on neither jobs nor shards. */
export async function runCampaign(catalogue: Catalogue, options: CampaignOptions): Promise<CampaignSummary> {
  const tally = new Tally(catalogue, options.plan);
  const { index, count } = options.shard;
  const runAt = (position: number): number => index + position * count;
  const positions =
    options.runs === Infinity ? Infinity : Math.max(0, Math.ceil((options.runs - index) / count));
  const begun = performance.now();
  const isEnough = (): boolean => tally.failed >= options.bail;

  const report = async (record: RunRecord): Promise<void> => {
    tally.add(record);
    await options.onRun(record);
  };
  if (options.plan.strategy === exhaustive.strategy) {
    const provedUpTo = await exhaustArenas(catalogue, {
      ...options,
      stop: () => isEnough() || options.stop(),
      onRun: report,
    });
    return { ...tally.summary((performance.now() - begun) / 1000), provedUpTo };
  }
  if (options.jobs === 1 && options.isolate !== true) {
    for (let position = 0; position < positions && !isEnough() && !options.stop(); position++) {
      const { record } = await play(catalogue, planRun(options.plan, runAt(position)));
      await report(record);
    }
  } else {
    const pool = new WorkerPool({ ...options, jobs: Math.min(options.jobs, positions) });
    for await (const record of pool.records(positions, runAt)) {
      await report(record);
      if (isEnough()) break;
    }
  }
  return tally.summary((performance.now() - begun) / 1000);
}

/** The exit code that a summary deserves. */
export function exitCodeOf(summary: CampaignSummary): number {
  if (summary.errors > 0) return exitCodes.simulatorBug;
  if (summary.violated > 0) return exitCodes.counterexample;
  return summary.runs === 0 ? exitCodes.nothingRan : exitCodes.held;
}

/** Counts runs without keeping them: memory stays flat however many there are. */
class Tally {
  #runs = 0;
  #held = 0;
  #violated = 0;
  #steps = 0;
  readonly #signatures = new Map<string, { runs: number; readonly seed: string }>();
  readonly #neverReached = new Set<string>();
  readonly #stats = new StatsTally();

  constructor(catalogue: Catalogue, plan: CampaignPlan) {
    for (const pair of plan.pairs) {
      const arena = catalogue.arenas.get(pair.arena);
      const scenario = catalogue.scenarios.get(pair.scenario);
      if (arena === undefined || scenario === undefined) continue;
      for (const marker of markersOf(arena, scenario)) this.#neverReached.add(marker);
    }
  }

  get failed(): number {
    return this.#runs - this.#held;
  }

  add(record: RunRecord): void {
    this.#runs++;
    this.#steps += record.steps;
    this.#stats.add(record);
    if (record.verdict === 'held') this.#held++;
    if (record.verdict === 'violated') this.#violated++;
    if (record.signature !== null) {
      const known = this.#signatures.get(record.signature);
      if (known === undefined) this.#signatures.set(record.signature, { runs: 1, seed: record.seed });
      else known.runs++;
    }
    for (const marker of Object.keys(record.markers)) this.#neverReached.delete(marker);
  }

  summary(seconds: number): CampaignSummary {
    return {
      type: 'summary',
      runs: this.#runs,
      held: this.#held,
      violated: this.#violated,
      errors: this.#runs - this.#held - this.#violated,
      signatures: [...this.#signatures].map(([signature, { runs, seed }]) => ({ signature, runs, seed })),
      markersNeverReached: [...this.#neverReached].toSorted(),
      stepsPerSecond: Math.round(this.#steps / seconds),
      stats: this.#stats.stats(),
    };
  }
}
