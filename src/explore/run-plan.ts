import { blake3, toHex } from '../crypto/index.ts';
import { strategies, tycheiStream } from '../sim/index.ts';

/** What decides a run completely, given the code. */
export interface RunPlan {
  readonly arena: string;
  readonly scenario: string;
  readonly strategy: string;
  /** Of this run alone: asked for by itself it is run 0 and the same run. */
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
  const seed = deriveSeed(plan.seed, run);
  return { ...pair, seed, run, strategy: plan.strategy ?? strategyFor(seed) };
}

/** The seed of run `run`: the campaign's own for run 0, a number of up to 15 digits for others. */
export function deriveSeed(seed: string, run: number): string {
  if (run === 0) return seed;
  const hash = toHex(blake3(new TextEncoder().encode(`stemedb-sim seed ${seed} run ${run}`)));
  return String(Number.parseInt(hash.slice(0, 12), 16));
}

/** Percent of runs by strategy. See docs/decisions.md. */
const portfolio: readonly (readonly [name: string, weight: number])[] = [
  ['random', 40],
  ['sticky', 20],
  ['pct-1', 5],
  ['pct-2', 10],
  ['pct-3', 10],
  ['pct-5', 5],
  ['in-order', 10],
];

function strategyFor(seed: string): string {
  let ticket = tycheiStream(`${seed}|portfolio`).below(100);
  for (const [name, weight] of portfolio) {
    ticket -= weight;
    if (ticket < 0) return name;
  }
  return 'random';
}

/** Names that `--strategy` takes. */
export const strategyNames: readonly string[] = strategies.map((strategy) => strategy.name);

/** Each with what it does. */
export const strategySummaries: readonly { readonly name: string; readonly summary: string }[] = strategies;
