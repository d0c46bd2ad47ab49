import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisedEntropy, shareOf } from './share.ts';

describe('shareOf', () => {
  it('is the nearest double: no neighbour of it is nearer', () => {
    const great = fc.bigInt({ min: 1n, max: 2n ** 300n });
    const shifted = fc.tuple(great, fc.nat(299)).map(([value, bits]) => (value >> BigInt(bits)) + 1n);
    fc.assert(
      fc.property(shifted, shifted, (one, other) => {
        const [part, whole] = one < other ? [one, other] : [other, one];
        const share = shareOf(part, whole);
        const neighbours = [share * (1 - 2 ** -53), share * (1 + 2 ** -52)];
        for (const neighbour of neighbours) {
          expect(distance(share, part, whole) <= distance(neighbour, part, whole)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    [0n, 0n, 0],
    [0n, 7n, 0],
    [1n, 3n, 1 / 3],
    [2n ** 2000n, 2n ** 2000n, 1],
    [2n ** 2000n, 2n ** 2001n, 0.5],
    [2n ** 2000n - 1n, 2n ** 2000n, 1],
    [1n, 2n ** 2000n, 0],
  ])('of %d in %d is %d', (part, whole, share) => {
    expect(shareOf(part, whole)).toBe(share);
  });
});

describe('normalisedEntropy', () => {
  it.each([
    [[], 0],
    [[1], 0],
    [[1, 0, 0], 0],
    [[0.5, 0.5], 1],
    [[0.5, 0.5, 0], 1],
    [[0.25, 0.25, 0.25, 0.25], 1],
    [[0.5, 0.25, 0.25], 1.5 / Math.log2(3)],
  ])('of %j is %d', (shares, score) => {
    expect(normalisedEntropy(shares)).toBeCloseTo(score, 14);
  });

  it('never exceeds 1, however sums are rounded', () => {
    for (let count = 2; count < 300; count++) {
      const score = normalisedEntropy(Array.from({ length: count }, () => 1 / count));
      expect(score).toBeGreaterThan(1 - 1e-12);
      expect(score).toBeLessThanOrEqual(1);
    }
  });
});

/** How far a double is from part / whole, as an integer in a unit that is the same for both calls. */
function distance(value: number, part: bigint, whole: bigint): bigint {
  const unit = 2n ** 1074n;
  const difference = exactly(value) * whole - part * unit;
  return difference < 0n ? -difference : difference;
}

/** A double times 2^1074, which makes an integer of every double. */
function exactly(value: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0]!;
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & (2n ** 52n - 1n);
  return exponent === 0n ? fraction : (fraction + 2n ** 52n) << (exponent - 1n);
}
