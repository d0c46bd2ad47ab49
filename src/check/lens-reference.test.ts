import { describe, expect, it } from 'vitest';
import { type PlainCandidate, resolveByReference } from './lens-reference.ts';

/** Small enough to be worked out by hand: Norway's capital, and some who disagree. */
const oslo = claim('01', 'Oslo', { timestamp: 10, confidence: 0.9, weightMillionths: 3n });
const osloAgain = claim('02', 'Oslo', { timestamp: 30, confidence: 0.8, weightMillionths: 1n });
const bergen = claim('03', 'Bergen', { timestamp: 30, confidence: 0.9, weightMillionths: 4n });
const all = [oslo, osloAgain, bergen];

describe('the reference', () => {
  it('finds the newest, and of two the one with the greater hash', () => {
    expect(resolveByReference('recency', all, 10)).toMatchObject({
      winner: '03',
      candidatesCount: 3,
      resolutionConfidence: 1 / 3,
      conflictScore: 1 - 1 / 3,
      agreement: 'contested',
      ranked: [{ hash: '03' }, { hash: '02' }, { hash: '01' }],
    });
  });

  it('finds the surest, and of two the newest', () => {
    expect(resolveByReference('confidence', all, 2)).toMatchObject({
      winner: '03',
      resolutionConfidence: 0.9,
      agreement: 'agreed',
      ranked: [
        { hash: '03', share: 0.9 },
        { hash: '01', share: 0.9 },
      ],
    });
  });

  it('finds the value with most supporters, by the newest of them', () => {
    expect(resolveByReference('consensus', all, 10)).toMatchObject({
      winner: '02',
      resolutionConfidence: 2 / 3,
      agreement: 'agreed',
      ranked: [
        { hash: '02', supporters: 2, weightMillionths: 4n, share: 2 / 3 },
        { hash: '03', supporters: 1, weightMillionths: 4n, share: 1 / 3 },
      ],
    });
  });

  it('finds the assertion whose votes weigh most, and is sure of nothing where there are none', () => {
    expect(resolveByReference('vote-aware-consensus', all, 10)).toMatchObject({
      winner: '03',
      resolutionConfidence: 0.5,
      agreement: 'contested',
    });
    const unvoted = all.map((candidate) => ({ ...candidate, weightMillionths: 0n }));
    expect(resolveByReference('vote-aware-consensus', unvoted, 10)).toMatchObject({
      winner: '03',
      resolutionConfidence: 0,
      conflictScore: 1,
    });
  });

  it('shows the values by weight, and by number where there is none', () => {
    expect(resolveByReference('skeptic', all, 10)).toMatchObject({
      winner: undefined,
      resolutionConfidence: 0.5,
      conflictScore: 1,
      agreement: 'contested',
      ranked: [{ hash: '03' }, { hash: '02' }],
    });
    const unvoted = all.map((candidate) => ({ ...candidate, weightMillionths: 0n }));
    const { agreement, ranked, conflictScore } = resolveByReference('skeptic', unvoted, 10);
    expect(ranked.map(({ share }) => share)).toEqual([2 / 3, 1 / 3]);
    expect(agreement).toBe('agreed');
    // ld 3 - 2/3 bits
    expect(conflictScore).toBeCloseTo(Math.log2(3) - 2 / 3, 14);
  });

  it('takes values that nobody votes for as no disagreement, but only where somebody votes', () => {
    const bergenUnvoted = { ...bergen, weightMillionths: 0n };
    expect(resolveByReference('skeptic', [oslo, bergenUnvoted], 10)).toMatchObject({
      resolutionConfidence: 1,
      conflictScore: 0,
      agreement: 'unanimous',
    });
  });

  it('tells a text from a reference, and not 0 from -0', () => {
    const reference = { ...osloAgain, object: { type: 'reference', value: 'Oslo' } };
    expect(resolveByReference('consensus', [oslo, reference], 10).agreement).toBe('contested');
    const zero = { ...oslo, object: { type: 'number', value: 0 } };
    const negativeZero = { ...osloAgain, object: { type: 'number', value: -0 } };
    expect(resolveByReference('consensus', [zero, negativeZero], 10).agreement).toBe('unanimous');
  });

  it('knows no other lens', () => {
    expect(() => resolveByReference('mood', all, 10)).toThrow(RangeError);
  });
});

function claim(
  hash: string,
  value: string,
  rest: Pick<PlainCandidate, 'timestamp' | 'confidence' | 'weightMillionths'>,
): PlainCandidate {
  return { hash, object: { type: 'text', value }, lifecycle: 'proposed', ...rest };
}
