import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsToMerge } from './compaction.ts';

describe('runsToMerge', () => {
  it('leaves no more runs than allowed, and does nothing when there are no more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 10 }),
        (sizes, runsMax) => {
          const count = runsToMerge(sizes, runsMax);
          const left = count === 0 ? sizes.length : sizes.length - count + 1;
          expect(left).toBeLessThanOrEqual(runsMax);
          expect(count).toBeLessThanOrEqual(sizes.length);
          expect(count === 0).toBe(sizes.length <= runsMax);
        },
      ),
    );
  });

  it('takes in older runs as long as they are no larger than what is merged anyway', () => {
    expect(runsToMerge([1, 1, 1, 1, 10, 100], 5)).toBe(4);
    expect(runsToMerge([4, 4, 8, 16, 100, 100], 5)).toBe(4);
    expect(runsToMerge([1, 9, 10, 20, 1000], 4)).toBe(4);
    expect(runsToMerge([1, 9, 30, 20, 1000], 4)).toBe(2);
  });

  it('rewrites an entry a logarithmic number of times', () => {
    let runs: number[] = [];
    let written = 0;
    const flushes = 4096;
    for (let flush = 0; flush < flushes; flush += 1) {
      runs.unshift(1);
      const count = runsToMerge(runs, 6);
      if (count === 0) continue;
      const merged = runs.slice(0, count).reduce((sum, size) => sum + size, 0);
      written += merged;
      runs = [merged, ...runs.slice(count)];
    }
    expect(written / flushes).toBeLessThan(1.5 * Math.log2(flushes));
  });
});
