import { Point } from '@noble/ed25519';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../hex.ts';
import { isCanonicalPoint, isCanonicalScalar, isNeutralPoint } from './encoding.ts';

const { n: groupOrder, p: fieldOrder } = Point.CURVE();

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));
}

/** Integers of 256 bits, most of them a few steps from where an answer changes. */
const integers = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc
    .tuple(
      fc.constantFrom(0n, groupOrder, fieldOrder, 2n ** 255n, 2n ** 255n + fieldOrder),
      fc.bigInt({ min: -40n, max: 40n }),
    )
    .map(([near, step]) => BigInt.asUintN(256, near + step)),
);

describe('isCanonicalScalar', () => {
  it('is true below the group order and nowhere else', () => {
    fc.assert(
      fc.property(integers, (value) => {
        expect(isCanonicalScalar(littleEndian(value), 0)).toBe(value < groupOrder);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('isCanonicalPoint', () => {
  it('is true when y is below the field order, and x not a negative zero', () => {
    fc.assert(
      fc.property(integers, (value) => {
        const y = BigInt.asUintN(255, value);
        const isNegativeZero = value !== y && (y === 1n || y === fieldOrder - 1n);
        expect(isCanonicalPoint(littleEndian(value), 0)).toBe(y < fieldOrder && !isNegativeZero);
      }),
      { numRuns: 1000 },
    );
  });

  it('is true exactly for the points that encode back to the same bytes', () => {
    fc.assert(
      fc.property(integers, (value) => {
        const bytes = littleEndian(value);
        const point = lenientPoint(bytes);
        fc.pre(point !== undefined);
        expect(isCanonicalPoint(bytes, 0)).toBe(toHex(point.toBytes()) === toHex(bytes));
      }),
    );
  });

  it('reads at an offset', () => {
    const bytes = new Uint8Array(40).fill(0xff);
    expect(isCanonicalPoint(bytes, 5)).toBe(false);
    bytes.set(littleEndian(fieldOrder - 2n), 5);
    expect(isCanonicalPoint(bytes, 5)).toBe(true);
  });
});

describe('isNeutralPoint', () => {
  it('is true for one encoding only', () => {
    const near = [0n, 2n ** 8n, 2n ** 128n, 2n ** 247n, 2n ** 248n, 2n ** 255n].flatMap((n) => [
      n,
      n + 1n,
      n + 2n,
    ]);
    const neutral = near.filter((value) => isNeutralPoint(littleEndian(value), 0));
    expect(neutral).toEqual([1n]);
    expect(isNeutralPoint(Point.ZERO.toBytes(), 0)).toBe(true);
  });
});

function lenientPoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes, true);
  } catch {
    return undefined; // No point of the curve has this y.
  }
}
