import type { RunReader } from './run-reader.ts';

/**
 * How many of the newest runs to merge so that no more than `runsMax` are left; 0 when there are no more.
 *
 * Size-tiered: as few as needed, and then every further one that is no larger than all before it together.
 * So an entry is rewritten only when the run it is in at least doubles, which bounds the work by a
 * logarithm, and only neighbours in age are merged, so that newer stays before older.
 */
export function runsToMerge(sizes: readonly number[], runsMax: number): number {
  if (sizes.length <= runsMax) return 0;
  let count = 0;
  let bytes = 0;
  for (const size of sizes) {
    if (count > sizes.length - runsMax && size > bytes) break;
    bytes += size;
    count += 1;
  }
  return count;
}

/** Whether merging all runs would change anything. */
export function isCompact(runs: readonly RunReader[]): boolean {
  return runs.length === 0 || (runs.length === 1 && runs[0]?.summary.tombstones === 0);
}
