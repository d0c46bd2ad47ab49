import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Measure } from './measure.ts';

describe('Measure', () => {
  it('has the quantiles of a sorted list by nearest rank, less than 1/128 too near to zero', () => {
    const sample = fc.oneof(
      fc.integer({ min: -1000, max: 2 ** 40 }),
      fc.double({ min: -1e6, max: 1e9, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, share) => {
          const sorted = samples.toSorted((one, other) => one - other);
          const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
          const quantile = measureOf(samples).quantile(share);
          expect(Math.abs(quantile)).toBeLessThanOrEqual(Math.abs(exact));
          // Subnormal numbers have no leading bit to be within 1/128 of.
          expect(Math.abs(quantile - exact)).toBeLessThanOrEqual(Math.abs(exact) / 128 + 2 ** -1000);
        },
      ),
    );
  });

  it('is exact for integers below 256, and for the greatest value whatever it is', () => {
    const samples = Array.from({ length: 256 }, (_, value) => value);
    const measure = measureOf([...samples, 123_456_789.25]);
    for (const value of samples) expect(measure.quantile((value + 1) / 257)).toBe(value);
    expect(measure.max).toBe(123_456_789.25);
  });

  it('is the same whether counted at once or in parts, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (some, others) => {
        const parts = measureOf(others);
        parts.addAll(measureOf(some));
        const whole = measureOf([...some, ...others]);
        expect(parts.count).toBe(whole.count);
        expect(parts.max).toBe(whole.max);
        for (const share of [0, 0.5, 0.99, 1]) expect(parts.quantile(share)).toBe(whole.quantile(share));
      }),
    );
  });

  it('says 0 when nothing was measured, and does not count what is no number', () => {
    const measure = measureOf([Number.NaN, Infinity]);
    expect([measure.count, measure.max, measure.quantile(0.5)]).toEqual([0, 0, 0]);
  });
});

function measureOf(samples: readonly number[]): Measure {
  const measure = new Measure();
  for (const sample of samples) measure.add(sample);
  return measure;
}
