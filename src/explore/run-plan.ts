import { blake3, toHex } from '../crypto/index.ts';
import { isStrategyName, strategies, tycheiStream } from '../sim/index.ts';

/** What decides a run completely, given the code. */
export interface RunPlan {
  readonly arena: string;
  readonly scenario: string;
  readonly strategy: string;
  /** Of this run alone: asked for by itself it is run 0 and the same run. See `workloadSeedOf`. */
  readonly seed: string;
  /** Its number within the campaign. */
  readonly run: number;
}

export interface CampaignPlan {
  readonly seed: string;
  /** Arenas with the scenarios to play each in, in order. */
  readonly pairs: readonly { readonly arena: string; readonly scenario: string }[];
  /** The strategy of every run; drawn for each run when absent. */
  readonly strategy?: string | undefined;
}

/** Run `run` of a campaign: a function of the plan alone, whichever worker or shard plays it. */
export function planRun(plan: CampaignPlan, run: number): RunPlan {
  const pair = plan.pairs[run % plan.pairs.length];
  if (pair === undefined) throw new RangeError('A campaign needs at least one arena and scenario.');
  const seed = seedOf(plan, run);
  return { ...pair, seed, run, strategy: plan.strategy ?? strategyFor(seed) };
}

/** Runs `first` and the `count - 1` after it. */
export function planRuns(plan: CampaignPlan, first: number, count: number): RunPlan[] {
  return Array.from({ length: count }, (_, position) => planRun(plan, first + position));
}

/** Schedules that are tried of one workload with its faults, before there are others. */
const schedulesPerWorkload = 4;

/** Workloads whose schedules take turns, so that a short campaign sees many workloads. */
const workloadsAtATime = 8;

/**
 * `W` or `W.s`: workload and faults W under schedule s. Of the runs of one arena and scenario the first 8 have
 * workloads of their own; the next 8 have the same under schedule 1, and so on up to schedule 3; then come
 * others.
 */
function seedOf(plan: CampaignPlan, run: number): string {
  const pairs = plan.pairs.length;
  const nth = Math.floor(run / pairs);
  const schedule = Math.floor(nth / workloadsAtATime) % schedulesPerWorkload;
  const first = run - schedule * workloadsAtATime * pairs;
  const workload = deriveSeed(plan.seed, first);
  // The campaign's seed may itself name a schedule; its other schedules are those after that.
  const [name, own = '0'] = workload.split('.');
  const number = schedule + Number(own);
  return number === 0 ? workload : `${name}.${number}`;
}

/** What decides the workload and the faults of a run: its seed without the number of the schedule. */
export function workloadSeedOf(seed: string): string {
  return seed.split('.')[0] ?? seed;
}

/** The seed of the first run of a workload: the campaign's own for run 0, a number of up to 15 digits for others. */
export function deriveSeed(seed: string, run: number): string {
  if (run === 0) return seed;
  const hash = toHex(blake3(new TextEncoder().encode(`stemedb-sim seed ${seed} run ${run}`)));
  return String(Number.parseInt(hash.slice(0, 12), 16));
}

/** Percent of runs by strategy. See docs/exploration.md. */
const portfolio: readonly (readonly [name: string, weight: number])[] = [
  ['surw', 25],
  ['pos', 25],
  ['pct-1', 5],
  ['pct-2', 5],
  ['pct-3', 5],
  ['pct-5', 5],
  ['random', 8],
  ['sticky', 7],
  ['delay-1', 5],
  ['delay-2', 5],
  ['in-order', 5],
];

function strategyFor(seed: string): string {
  let ticket = tycheiStream(`${seed}|portfolio`).below(100);
  for (const [name, weight] of portfolio) {
    ticket -= weight;
    if (ticket < 0) return name;
  }
  return 'random';
}

/** Whether `strategy` goes by a measured schedule of the same workload and faults. */
export function needsProfile(strategy: string): boolean {
  return strategies.some(({ name, needsProfile: needed }) => name === strategy && needed);
}

/** A walk at random through the same workload and faults, of which a profile is measured. */
export function measuringPlan(plan: RunPlan): RunPlan {
  return { ...plan, seed: workloadSeedOf(plan.seed), strategy: 'random' };
}

/** Asked for as a strategy: every schedule of at most so many delays, as far as the number of runs allows. */
export const exhaustive = { strategy: 'exhaustive', delaysMax: 2 } as const;

/** Whether `--strategy` takes it: one of `strategyNames`, `exhaustive`, or delays at named steps. */
export function isStrategy(name: string): boolean {
  return name === exhaustive.strategy || isStrategyName(name);
}

/** Names that `--strategy` takes. */
export const strategyNames: readonly string[] = strategies.map((strategy) => strategy.name);

/** Each with what it does. */
export const strategySummaries: readonly { readonly name: string; readonly summary: string }[] = strategies;
