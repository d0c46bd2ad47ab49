import { blake3 as reference } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blake3, blake3Prefixed } from './blake3.ts';
import { toHex } from './hex.ts';

/** Input of the official test vectors: the byte sequence 0, 1, ..., 250, over and over. */
function officialInput(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}

describe('blake3', () => {
  it.each([
    [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
    [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
    [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
    [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  ])('gives the official digest of %d bytes', (length, digest) => {
    expect(toHex(blake3(officialInput(length)))).toBe(digest);
  });

  it('equals the reference on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(blake3(bytes)).toEqual(reference(bytes));
      }),
    );
  });

  it.each([16_383, 16_384, 16_385, 32_768, 100_000, 1 << 20])(
    'equals the reference on %d bytes, around and beyond the buffer of the WebAssembly module',
    (length) => {
      expect(blake3(officialInput(length))).toEqual(reference(officialInput(length)));
    },
  );

  it('hashes a range as if it were the whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200), (bytes, a, b) => {
        const start = Math.min(a, b, bytes.length);
        const end = Math.min(Math.max(a, b), bytes.length);
        expect(blake3(bytes, start, end)).toEqual(reference(bytes.slice(start, end)));
      }),
    );
  });

  it('hashes a prefix and a range as if they were joined', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.uint8Array(), (prefix, before, bytes) => {
        const joined = Uint8Array.of(...prefix, ...bytes);
        expect(blake3Prefixed(prefix, Uint8Array.of(...before, ...bytes), before.length)).toEqual(
          reference(joined),
        );
      }),
    );
  });

  it('hands out digests that later calls leave alone', () => {
    const first = blake3(Uint8Array.of(1));
    const kept = first.slice();
    blake3(Uint8Array.of(2));
    expect(first).toEqual(kept);
    expect(first.buffer.byteLength).toBe(32);
  });

  it.each([
    [-1, 2],
    [2, 1],
    [0, 5],
    [0, Number.NaN],
  ])('refuses the range [%d, %d) of four bytes', (start, end) => {
    expect(() => blake3(new Uint8Array(4), start, end)).toThrow(RangeError);
    expect(() => blake3Prefixed(new Uint8Array(1), new Uint8Array(4), start, end)).toThrow(RangeError);
  });
});
