import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ranking } from './ranking.ts';

describe('Ranking', () => {
  it('keeps the best of all in order, and never more than so many', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000)), fc.integer({ min: 1, max: 20 }), (numbers, sizeMax) => {
        const ranking = new Ranking<number>(sizeMax, (one, other) => one - other);
        for (const number of numbers) {
          ranking.offer(number);
          expect(ranking.best.length).toBeLessThanOrEqual(sizeMax);
        }
        expect(ranking.best).toEqual(numbers.toSorted((one, other) => one - other).slice(0, sizeMax));
      }),
    );
  });
});
