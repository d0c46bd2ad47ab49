import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './hex.ts';

describe('hex', () => {
  it('comes back as it went, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });

  it('accepts a string only if it is what toHex writes', () => {
    const nearlyHex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABF xg\u0100'), maxLength: 6 });
    fc.assert(
      fc.property(nearlyHex, (text) => {
        const bytes = fromHex(text);
        expect(bytes && toHex(bytes)).toBe(/^([0-9a-f]{2})*$/.test(text) ? text : undefined);
      }),
    );
  });

  it.each(['0', 'AB', '0x00', ' 00', '0g', 'é0', '00\n', '\u{1F600}'])('refuses %j', (text) => {
    expect(fromHex(text)).toBeUndefined();
  });
});
