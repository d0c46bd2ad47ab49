import type { CampaignPlan } from '../run-plan.ts';
import type { Mutant } from './mutant.ts';
import { median, type Probability, probability, type Stratum, stratumOf } from './statistics.ts';
import type { SmallCase, TrialOutcome, TrialRun } from './trial.ts';

/** How one bug was looked for, and found: a line of `stemedb-sim mutants --reporter json`, a contract. */
export interface MutantResult {
  readonly type: 'mutant';
  readonly mutant: string;
  readonly story: string;
  readonly seenIn: readonly string[];
  /** Why it is known not to be found; `null` where it should be. */
  readonly blind: string | null;
  /** It takes thousands of runs. */
  readonly hard: boolean;
  /** `arena-0-spine × torn-writes`. */
  readonly places: readonly string[];
  /** As asked for; `portfolio` when each run drew its own. */
  readonly strategy: string;
  /** The property that should catch it, and in how many runs each one did. */
  readonly property: string;
  readonly caughtBy: Readonly<Record<string, number>>;
  readonly runs: number;
  /** In so many runs the mutated code ran; in so many it changed what happened; in so many that was noticed. */
  readonly reached: number;
  readonly triggered: number;
  readonly detected: number;
  /** That a run detects it. */
  readonly probability: Probability;
  readonly stratum: Stratum;
  /** From one detection to the next, the first from the start; `null` without one. */
  readonly medianSeeds: number | null;
  readonly medianSeconds: number | null;
  /** Of the runs that detected it. */
  readonly medianSteps: number | null;
  /** The first of them, to be played with `run --mutant`. */
  readonly seed: string | null;
  readonly signature: string | null;
  /** What the first one was reduced to; `null` where it was not, or where it cannot be told as a case. */
  readonly minimized: SmallCase | null;
  readonly byStrategy: readonly StrategyResult[];
  /** The same runs without the bug. */
  readonly control: { readonly runs: number; readonly failed: number };
  /** Why the process of the bug ended before its runs did. */
  readonly died: string | null;
}

/** One strategy's part of the runs. */
export interface StrategyResult {
  readonly strategy: string;
  readonly runs: number;
  readonly detected: number;
  readonly probability: Probability;
}

/** What a cell of the matrix has shown. */
export function resultOf(
  mutant: Mutant,
  plan: CampaignPlan,
  { runs, smallCase, died }: TrialOutcome,
  control: readonly TrialRun[],
): MutantResult {
  const found = runs.filter(({ verdict }) => verdict !== 'held');
  const gaps = gapsBetween(runs);
  return {
    type: 'mutant',
    mutant: mutant.name,
    story: mutant.story,
    seenIn: mutant.seenIn ?? [],
    blind: mutant.blind ?? null,
    hard: mutant.hard ?? false,
    places: plan.pairs.map(({ arena, scenario }) => `${arena} × ${scenario}`),
    strategy: plan.strategy ?? 'portfolio',
    property: mutant.property,
    caughtBy: countBy(found, ({ property, verdict }) => property ?? verdict),
    runs: runs.length,
    reached: runs.filter(({ reached }) => reached).length,
    triggered: runs.filter(({ digest }, index) => digest !== control[index]?.digest).length,
    detected: found.length,
    probability: probabilityOf(runs),
    stratum: stratumOf(found.length, runs.length),
    medianSeeds: median(gaps.map(({ seeds }) => seeds)),
    medianSeconds: median(gaps.map(({ seconds }) => seconds)),
    medianSteps: median(found.map(({ steps }) => steps)),
    seed: found[0]?.seed ?? null,
    signature: found[0]?.signature ?? null,
    minimized: smallCase ?? null,
    byStrategy: byStrategy(runs),
    control: {
      runs: control.length,
      failed: control.filter(({ verdict }) => verdict !== 'held').length,
    },
    died: died ?? null,
  };
}

/**
 * A cell that ended with a detection, because that was enough, ended there because of it: counted, the last run would
 * make the share too high; without it the estimate is unbiased [Haldane, Biometrika 1945].
 */
function probabilityOf(runs: readonly TrialRun[]): Probability {
  const detected = runs.filter(({ verdict }) => verdict !== 'held').length;
  const endedByIt = detected > 1 && runs.at(-1)?.verdict !== 'held';
  return endedByIt ? probability(detected - 1, runs.length - 1) : probability(detected, runs.length);
}

/** How many runs, and how many seconds of playing them, each detection took. */
function gapsBetween(
  runs: readonly TrialRun[],
): readonly { readonly seeds: number; readonly seconds: number }[] {
  const gaps: { seeds: number; seconds: number }[] = [];
  let [seeds, ms] = [0, 0];
  for (const { verdict, wallMs } of runs) {
    seeds += 1;
    ms += wallMs;
    if (verdict === 'held') continue;
    gaps.push({ seeds, seconds: Math.round(ms) / 1000 });
    [seeds, ms] = [0, 0];
  }
  return gaps;
}

function byStrategy(runs: readonly TrialRun[]): readonly StrategyResult[] {
  const names = [...new Set(runs.map(({ strategy }) => strategy))].toSorted();
  return names.map((strategy) => {
    const its = runs.filter((run) => run.strategy === strategy);
    const detected = its.filter(({ verdict }) => verdict !== 'held').length;
    return { strategy, runs: its.length, detected, probability: probability(detected, its.length) };
  });
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
