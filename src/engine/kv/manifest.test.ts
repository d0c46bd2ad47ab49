import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blake3 } from '../../crypto/index.ts';
import { StoreVersionError } from './errors.ts';
import { golden } from './kv.test-support.ts';
import { decodeManifest, encodeManifest, type Manifest } from './manifest.ts';

const sample: Manifest = {
  number: 7,
  storeId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  logOffset: 2 ** 40 + 5,
  nextRunId: 12,
  runs: [
    { id: 11, nonce: new Uint8Array(8).fill(0xb), size: 4096 },
    { id: 3, nonce: new Uint8Array(8).fill(0x3), size: 2 ** 33 },
  ],
};

const id = fc.nat(0xffffffff);
const eightBytes = fc.uint8Array({ minLength: 8, maxLength: 8 });
const manifest: fc.Arbitrary<Manifest> = fc.record({
  number: id,
  storeId: eightBytes,
  logOffset: fc.maxSafeNat(),
  nextRunId: id,
  runs: fc.array(fc.record({ id, nonce: eightBytes, size: fc.maxSafeNat() })),
});

describe('a manifest', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(manifest, (written) => {
        expect(decodeManifest(encodeManifest(written), written.number)).toEqual(written);
      }),
    );
  });

  it('has the bytes that the format says', async () => {
    const encoded = encodeManifest(sample);
    expect(encoded).toEqual(await golden('kv-manifest'));
    expect(decodeManifest(await golden('kv-manifest'), 7)).toEqual(sample);
  });

  it('is torn with any bit flipped, cut short anywhere, or under another number', () => {
    const whole = encodeManifest(sample);
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const damaged = whole.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodeManifest(damaged, 7), `bit ${bit}`).toBeTypeOf('string');
    }
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeManifest(whole.slice(0, length), 7), `${length} bytes`).toBeTypeOf('string');
    }
    expect(decodeManifest(whole, 8)).toBe('the file holds manifest 7');
  });

  it('is torn when it is any other bytes, even with the digest of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(decodeManifest(noise, 7)).toBeTypeOf('string');
        expect(decodeManifest(Uint8Array.of(...noise, ...blake3(noise)), 7)).toBeTypeOf('string');
      }),
    );
  });

  it('is refused loudly when it is whole and of another version', () => {
    const body = encodeManifest(sample).slice(0, -32);
    body[8] = 3;
    expect(() => decodeManifest(Uint8Array.of(...body, ...blake3(body)), 7)).toThrow(StoreVersionError);
  });
});
