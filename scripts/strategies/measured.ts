import { blake3 } from '../../src/crypto/index.ts';
import type { MeasuredBug } from './measure-bug.ts';

/** All that was measured of a bug: for each workload, which strategies found it there. */
export interface BugTable {
  readonly bug: string;
  readonly half: Half;
  readonly workloads: number;
  /** By strategy, whether the n-th workload was one that showed the bug. */
  readonly found: ReadonlyMap<string, Uint8Array>;
}

/** Weights are tuned on one half of the bugs, and reported of the other. */
export type Half = 'tuned on' | 'reported';

/** A function of the name alone: a bug never changes sides, whatever others there are. */
export function halfOf(bug: string): Half {
  const [first = 0] = blake3(new TextEncoder().encode(bug));
  return first % 2 === 0 ? 'tuned on' : 'reported';
}

/** Puts slices together, in order of the bugs' names. Throws `RangeError` when two of a bug overlap, or differ in strategies. */
export function tablesOf(slices: readonly MeasuredBug[]): BugTable[] {
  const byBug = new Map<string, MeasuredBug[]>();
  for (const slice of slices) byBug.set(slice.bug, [...(byBug.get(slice.bug) ?? []), slice]);
  return [...byBug]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([bug, parts]) => joined(bug, parts));
}

function joined(bug: string, parts: readonly MeasuredBug[]): BugTable {
  const strategies = Object.keys(parts[0]?.found ?? {});
  const workloads = parts.reduce((sum, part) => sum + part.workloads, 0);
  const found = new Map(strategies.map((strategy) => [strategy, new Uint8Array(workloads)]));
  let begin = 0;
  let end = -Infinity;
  for (const part of parts.toSorted((one, other) => one.first - other.first)) {
    if (part.first < end) throw new RangeError(`${bug}: two slices have workload ${part.first}.`);
    if (Object.keys(part.found).join() !== strategies.join()) {
      throw new RangeError(`${bug}: not every slice has the same strategies.`);
    }
    for (const [strategy, runs] of Object.entries(part.found)) {
      for (const run of runs) found.get(strategy)![begin + run - part.first] = 1;
    }
    begin += part.workloads;
    end = part.first + part.workloads;
  }
  return { bug, half: halfOf(bug), workloads, found };
}

/** Bugs by how often runs found them, of all strategies that were played together: none of them is preferred. */
export function strataOf(
  bugs: readonly BugTable[],
): Readonly<Record<'easy' | 'medium' | 'hard' | 'never', readonly BugTable[]>> {
  const shareOf = ({ found, workloads }: BugTable): number => {
    const hits = [...found.values()].map((each) => each.reduce((sum, hit) => sum + hit, 0));
    return hits.reduce((sum, count) => sum + count, 0) / (workloads * hits.length);
  };
  const between = (low: number, high: number): readonly BugTable[] =>
    bugs.filter((bug) => shareOf(bug) > low && shareOf(bug) <= high);
  return {
    easy: between(0.1, 1),
    medium: between(0.001, 0.1),
    hard: between(0, 0.001),
    never: bugs.filter((bug) => shareOf(bug) === 0),
  };
}
