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
    .map(([bug, parts]) => ({ bug, half: halfOf(bug), ...joined(parts) }));
}

function joined(parts: readonly MeasuredBug[]): Pick<BugTable, 'workloads' | 'found'> {
  const strategies = Object.keys(parts[0]?.found ?? {});
  const workloads = parts.reduce((sum, part) => sum + part.workloads, 0);
  const found = new Map(strategies.map((strategy) => [strategy, new Uint8Array(workloads)]));
  let begin = 0;
  let end = -Infinity;
  for (const part of parts.toSorted((one, other) => one.first - other.first)) {
    if (part.first < end) throw new RangeError(`${part.bug}: two slices have workload ${part.first}.`);
    if (Object.keys(part.found).join() !== strategies.join()) {
      throw new RangeError(`${part.bug}: not every slice has the same strategies.`);
    }
    for (const [strategy, runs] of Object.entries(part.found)) {
      for (const run of runs) found.get(strategy)![begin + run - part.first] = 1;
    }
    begin += part.workloads;
    end = part.first + part.workloads;
  }
  return { workloads, found };
}
