import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterMax, decodeCounter, encodeCounter } from './counters.ts';

describe('counters', () => {
  it('come back as they went, over the whole range', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -counterMax - 1n, max: counterMax }), (count) => {
        expect(decodeCounter(encodeCounter(count))).toBe(count);
      }),
      { examples: [[counterMax], [-counterMax - 1n], [-1n], [0n]] },
    );
  });

  it('are 16 bytes, signed, the lowest first', () => {
    expect(encodeCounter(0x0102n)).toEqual(Uint8Array.of(2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    expect(encodeCounter(-1n)).toEqual(new Uint8Array(16).fill(0xff));
  });

  it('refuse what does not fit, rather than wrap around', () => {
    expect(() => encodeCounter(counterMax + 1n)).toThrow(RangeError);
    expect(() => encodeCounter(-counterMax - 2n)).toThrow(RangeError);
  });

  it.each([0, 8, 15, 17])('are not read from %d bytes', (length) => {
    expect(decodeCounter(new Uint8Array(length))).toBeUndefined();
  });
});
