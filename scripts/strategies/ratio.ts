import { tycheiStream } from '../../src/sim/index.ts';
import type { BugTable } from './measured.ts';
import { chanceOf, type Chances, type Weights } from './weights.ts';

/** How many times fewer runs it takes: above 1, the weights win. */
export interface Ratio {
  readonly value: number;
  /** Between these lie 95 % of the resampled ratios. */
  readonly low: number;
  readonly high: number;
  readonly bugs: number;
}

/** A bug in some of its workloads: how often each of them was drawn. */
type Draw = readonly number[];

const resamples = 2000;

/**
 * Expected runs to a bug by `baseline`, over those by `weights`: the geometric mean over `bugs`. The interval is a
 * bootstrap over bugs, and within each over its workloads, of which each has one run of every strategy.
 * Efron, Tibshirani: "An Introduction to the Bootstrap", 1993.
 */
export function ratioOf(bugs: readonly BugTable[], weights: Weights, baseline: string): Ratio {
  const stream = tycheiStream('bootstrap of strategies');
  const logOf = (bug: BugTable, draw?: Draw): number => {
    const chances = chancesOf(bug, draw);
    return Math.log(chanceOf(weights, chances) / (chances.get(baseline) ?? 0));
  };
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const sampled = Array.from({ length: resamples }, () => {
    const drawn = bugs.map(() => bugs[stream.below(bugs.length)]!);
    return mean(
      drawn.map((bug) =>
        logOf(
          bug,
          drawWorkloads(bug, (bound) => stream.below(bound)),
        ),
      ),
    );
  }).toSorted((one, other) => one - other);
  const at = (part: number): number => Math.exp(sampled[Math.floor(part * (resamples - 1))]!);
  return {
    value: Math.exp(mean(bugs.map((bug) => logOf(bug)))),
    low: at(0.025),
    high: at(0.975),
    bugs: bugs.length,
  };
}

function drawWorkloads({ workloads }: BugTable, below: (bound: number) => number): Draw {
  return Array.from({ length: workloads }, () => below(workloads));
}

/**
 * By strategy, the share of workloads in which a run found the bug. Half a hit and half a miss are added to each, so that
 * no share is 0: it pulls every ratio towards 1 (Jeffreys' prior).
 */
export function chancesOf({ found, workloads }: BugTable, draw?: Draw): Chances {
  const chances = new Map<string, number>();
  for (const [strategy, hits] of found) {
    let count = 0;
    if (draw === undefined) for (const hit of hits) count += hit;
    else for (const workload of draw) count += hits[workload]!;
    chances.set(strategy, (count + 0.5) / (workloads + 1));
  }
  return chances;
}
