import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, compareRange, endOfPrefix, keyAfter } from './bytes.ts';
import { rangeOf } from './key-range.ts';

const key = fc.array(fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff), { maxLength: 5 }).map(toBytes);

function toBytes(numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers);
}

describe('compareBytes', () => {
  it('orders as the hex strings do', () => {
    const hex = (bytes: Uint8Array): string =>
      [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    fc.assert(
      fc.property(key, key, (one, other) => {
        const expected = hex(one) < hex(other) ? -1 : Number(hex(one) > hex(other));
        expect(Math.sign(compareBytes(one, other))).toBe(expected);
      }),
    );
  });

  it('says the same of a range as of a copy of it', () => {
    fc.assert(
      fc.property(key, key, key, (before, one, other) => {
        const joined = toBytes([...before, ...one, 9]);
        const order = compareRange(joined, before.length, before.length + one.length, other);
        expect(Math.sign(order)).toBe(Math.sign(compareBytes(one, other)));
      }),
    );
  });
});

describe('endOfPrefix', () => {
  it('lies above every key with the prefix and not above any other greater key', () => {
    fc.assert(
      fc.property(key, key, (prefix, other) => {
        const end = endOfPrefix(prefix);
        const hasPrefix = compareBytes(other.slice(0, prefix.length), prefix) === 0;
        const isInRange =
          compareBytes(other, prefix) >= 0 && (end === undefined || compareBytes(other, end) < 0);
        expect(isInRange).toBe(hasPrefix);
      }),
    );
  });
});

describe('keyAfter', () => {
  it('leaves no room for another key', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        expect(compareBytes(other, one) > 0).toBe(compareBytes(other, keyAfter(one)) >= 0);
      }),
    );
  });
});

describe('rangeOf', () => {
  it('takes the narrowest of several bounds', () => {
    const options = { prefix: toBytes([5]), from: toBytes([5, 2]), after: toBytes([5, 1]), to: toBytes([9]) };
    expect(rangeOf(options)).toEqual({ from: toBytes([5, 2]), to: toBytes([6]) });
    expect(rangeOf({})).toEqual({ from: undefined, to: undefined });
  });
});
