import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WEIGHT_MILLIONTHS_MAX } from './limits.ts';
import { weightFromMillionths, weightToMillionths } from './weight.ts';

/** The integer, with its point six digits from the right, as people write it. */
function decimal(millionths: number): string {
  const digits = String(millionths).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

describe('weights', () => {
  it('come back as they went, for every number of millionths', () => {
    const anywhere = fc.nat({ max: WEIGHT_MILLIONTHS_MAX });
    const nearTheTop = fc.integer({ min: WEIGHT_MILLIONTHS_MAX - 1000, max: WEIGHT_MILLIONTHS_MAX });
    fc.assert(
      fc.property(fc.oneof(anywhere, nearTheTop, fc.nat(1000)), (millionths) => {
        expect(weightToMillionths(weightFromMillionths(millionths))).toBe(millionths);
        expect(weightToMillionths(Number(decimal(millionths)))).toBe(millionths);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [0, 0],
    [-0, 0],
    [0.1, 100_000],
    [1.1, 1_100_000],
    [0.000001, 1],
    [4.35, 4_350_000],
    [1e9, 1e15],
  ])('read %d as %d millionths', (weight, millionths) => {
    expect(weightToMillionths(weight)).toBe(millionths);
  });

  it.each([
    [0.1 + 0.2, 'STEME_WEIGHT_TOO_PRECISE'],
    [0.0000001, 'STEME_WEIGHT_TOO_PRECISE'],
    [5e-324, 'STEME_WEIGHT_TOO_PRECISE'],
    [-0.000001, 'STEME_WEIGHT_NEGATIVE'],
    [-5e-324, 'STEME_WEIGHT_NEGATIVE'],
    [1_000_000_000.000001, 'STEME_WEIGHT_TOO_GREAT'],
    [Number.MAX_VALUE, 'STEME_WEIGHT_TOO_GREAT'],
    [Infinity, 'STEME_NUMBER_INFINITE'],
    [Number.NaN, 'STEME_NUMBER_NAN'],
  ])('refuse %d', (weight, code) => {
    expect(() => weightToMillionths(weight)).toThrow(expect.objectContaining({ code, field: 'weight' }));
  });

  it('are made from allowed integers only', () => {
    expect(() => weightFromMillionths(-1)).toThrow(
      expect.objectContaining({ code: 'STEME_WEIGHT_NEGATIVE' }),
    );
  });
});
