import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { fromHex } from './hex.ts';

/** One bit at a time, straight from the definition: slow, and hard to get wrong. */
function bitwise(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const ISCSI_READ_PDU = fromHex(
  '01c00000000000000000000000000000' +
    '14000000000004000000001400000018' +
    '28000000000000000200000000000000',
)!;

describe('crc32c', () => {
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['an iSCSI read PDU', ISCSI_READ_PDU, 0xd9963a56],
    ['"123456789"', new TextEncoder().encode('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('gives the value that RFC 3720 and the catalogue of CRCs print for %s', (_, bytes, crc) => {
    expect(crc32c(bytes)).toBe(crc);
  });

  it('equals the bitwise definition on any range of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(100), (bytes, a, b) => {
        const start = Math.min(a, b, bytes.length);
        const end = Math.min(Math.max(a, b), bytes.length);
        expect(crc32c(bytes, start, end)).toBe(bitwise(bytes.subarray(start, end)));
      }),
    );
  });

  it('notices every single flipped bit', () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, i) => i * 7);
    const whole = crc32c(bytes);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      expect(crc32c(bytes)).not.toBe(whole);
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
    }
  });

  it.each([
    [-1, 2],
    [2, 1],
    [0, 5],
    [Number.NaN, 2],
    [0, Number.NaN],
  ])('refuses the range [%d, %d) of four bytes', (start, end) => {
    expect(() => crc32c(new Uint8Array(4), start, end)).toThrow(RangeError);
  });
});
