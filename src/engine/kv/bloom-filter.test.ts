import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFilter, filterHash, filterMayHold } from './bloom-filter.ts';

function numbered(number: number): Uint8Array {
  return new TextEncoder().encode(`key ${number}`);
}

describe('the filter of a block', () => {
  it('never denies a key that it was built from', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array(), { minLength: 1 }), (keys) => {
        const filter = buildFilter(keys.map(filterHash));
        for (const key of keys) expect(filterMayHold(filter, 0, filter.length, filterHash(key))).toBe(true);
      }),
    );
  });

  it('denies all but some two in a hundred others', () => {
    let taken = 0;
    for (let block = 0; block < 200; block += 1) {
      const filter = buildFilter(
        Array.from({ length: 40 }, (_, at) => filterHash(numbered(block * 100 + at))),
      );
      for (let at = 40; at < 100; at += 1) {
        if (filterMayHold(filter, 0, filter.length, filterHash(numbered(block * 100 + at)))) taken += 1;
      }
    }
    expect(taken / (200 * 60)).toBeLessThan(0.02);
  });
});
