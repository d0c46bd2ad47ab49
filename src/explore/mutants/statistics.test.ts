import { describe, expect, it } from 'vitest';
import { median, probability, stratumOf } from './statistics.ts';

describe('the probability of a detection', () => {
  it('has the interval of Wilson', () => {
    // Newcombe (1998), table I: 81 of 263 and 0 of 20.
    const { value, low, high } = probability(81, 263);
    expect([value, low, high].map((share) => share.toFixed(4))).toEqual(['0.3080', '0.2553', '0.3662']);
    expect(probability(0, 20).low).toBe(0);
    expect(probability(0, 20).high).toBeCloseTo(0.1611, 4);
  });

  it('is unknown without a run', () => {
    expect(probability(0, 0)).toEqual({ value: 0, low: 0, high: 1 });
  });
});

describe('the stratum of a bug', () => {
  it('is told by the share of runs that find it', () => {
    expect([stratumOf(2, 10), stratumOf(1, 10), stratumOf(1, 1000), stratumOf(1, 1001)]).toEqual([
      'easy',
      'medium',
      'medium',
      'hard',
    ]);
    expect(stratumOf(0, 1000)).toBe('not found');
  });
});

describe('a median', () => {
  it('is the middle of any order, the lower one of two', () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2);
    expect(median([])).toBeNull();
  });
});
