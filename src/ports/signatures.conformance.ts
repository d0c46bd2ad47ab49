import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIGNATURE_VECTORS } from './signatures-vectors.test-support.ts';
import type { Signatures } from './signatures.ts';

/** RFC 8032, section 7.1: all but the one whose message has 1,023 bytes. */
const RFC_8032: readonly { secretKey: string; publicKey: string; message: string; signature: string }[] = [
  {
    secretKey: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
      '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    secretKey: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    secretKey: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
      '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
  {
    secretKey: '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    publicKey: 'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    message:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
      '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    signature:
      'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589' +
      '09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  },
];

const secretKeys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const messages = fc.uint8Array({ maxLength: 200 });

/** What every implementation of {@link Signatures} must do; `runs` is how often each property is tried. */
export function signaturesConformance(name: string, signatures: Signatures, runs: number): void {
  describe(`${name} as Signatures`, () => {
    it.each(RFC_8032)('gives the key and the signature of RFC 8032 for message "$message"', (vector) => {
      const [secretKey, message] = [fromHex(vector.secretKey), fromHex(vector.message)];
      const publicKey = signatures.publicKey(secretKey);
      const signature = signatures.sign(message, secretKey);
      expect(toHex(publicKey)).toBe(vector.publicKey);
      expect(toHex(signature)).toBe(vector.signature);
      expect(signatures.verify(signature, message, publicKey)).toBe(true);
    });

    it.each(SIGNATURE_VECTORS.filter((vector) => vector.valid))('accepts: $claim', async (vector) => {
      expect(await verifyVector(signatures, vector)).toEqual([true, true]);
    });

    it.each(SIGNATURE_VECTORS.filter((vector) => !vector.valid))('refuses: $claim', async (vector) => {
      expect(await verifyVector(signatures, vector)).toEqual([false, false]);
      // Again, since an answer may have been kept from the first time.
      expect(await verifyVector(signatures, vector)).toEqual([false, false]);
    });

    it('verifies many beside each other, and mixes up none', async () => {
      const secretKey = new Uint8Array(32).fill(4);
      const publicKey = signatures.publicKey(secretKey);
      const answers = Array.from({ length: 40 }, (_, index) => {
        const signature = signatures.sign(Uint8Array.of(index % 3 === 0 ? 255 : index), secretKey);
        return signatures.verifyAside(signature, Uint8Array.of(index), publicKey);
      });
      expect(await Promise.all(answers)).toEqual(answers.map((_, index) => index % 3 !== 0));
    });

    it('accepts what it has signed, wherever in memory the bytes lie', () => {
      fc.assert(
        fc.property(secretKeys, messages, fc.nat(40), (secretKey, message, shift) => {
          const publicKey = signatures.publicKey(secretKey);
          const signature = signatures.sign(message, secretKey);
          const [s, m, p] = [signature, message, publicKey].map((bytes) => moved(bytes, shift));
          expect(signatures.verify(s!, m!, p!)).toBe(true);
          expect(signatures.sign(m!, moved(secretKey, shift))).toEqual(signature);
        }),
        { numRuns: runs },
      );
    });

    it('hands out plain arrays that own their memory', () => {
      const secretKey = new Uint8Array(32).fill(1);
      for (const bytes of [signatures.publicKey(secretKey), signatures.sign(new Uint8Array(3), secretKey)]) {
        expect(bytes.constructor).toBe(Uint8Array);
        expect(bytes.buffer.byteLength).toBe(bytes.length);
      }
    });

    it('leaves its inputs as they are', () => {
      const [secretKey, message] = [new Uint8Array(32).fill(2), new Uint8Array(9).fill(3)];
      const publicKey = signatures.publicKey(secretKey);
      const signature = signatures.sign(message, secretKey);
      const before = [signature, message, publicKey, secretKey].map(toHex);
      signatures.verify(signature, message, publicKey);
      expect([signature, message, publicKey, secretKey].map(toHex)).toEqual(before);
    });

    it('refuses when one bit of signature, message or key is flipped', () => {
      fc.assert(
        fc.property(secretKeys, messages, fc.nat(), (secretKey, message, draw) => {
          const publicKey = signatures.publicKey(secretKey);
          const joined = Uint8Array.of(...signatures.sign(message, secretKey), ...publicKey, ...message);
          const bit = draw % (joined.length * 8);
          joined[bit >>> 3]! ^= 1 << (bit & 7);
          const [signature, key] = [joined.subarray(0, 64), joined.subarray(64, 96)];
          expect(signatures.verify(signature, joined.subarray(96), key)).toBe(false);
        }),
        { numRuns: runs },
      );
    });

    it('answers false, never an exception, for bytes of any length', async () => {
      const around = fc.uint8Array({ maxLength: 70 });
      await fc.assert(
        fc.asyncProperty(around, messages, around, async (signature, message, publicKey) => {
          expect(signatures.verify(signature, message, publicKey)).toBe(false);
          expect(await signatures.verifyAside(signature, message, publicKey)).toBe(false);
        }),
        { numRuns: runs },
      );
    });

    it.each([0, 31, 33, 64])('refuses to sign with a secret key of %d bytes', (length) => {
      expect(() => signatures.sign(new Uint8Array(1), new Uint8Array(length))).toThrow(RangeError);
      expect(() => signatures.publicKey(new Uint8Array(length))).toThrow(RangeError);
    });
  });
}

/** Both ways of asking. */
async function verifyVector(
  signatures: Signatures,
  vector: { readonly signature: string; readonly message: string; readonly publicKey: string },
): Promise<[boolean, boolean]> {
  const [signature, message, publicKey] = [vector.signature, vector.message, vector.publicKey].map(fromHex);
  const aside = signatures.verifyAside(signature!, message!, publicKey!);
  return [signatures.verify(signature!, message!, publicKey!), await aside];
}

/** The same bytes, at `shift` in a larger buffer. */
function moved(bytes: Uint8Array, shift: number): Uint8Array {
  const larger = new Uint8Array(shift + bytes.length + 3).fill(0xaa);
  larger.set(bytes, shift);
  return larger.subarray(shift, shift + bytes.length);
}

// The room of the ports imports nothing, so it cannot borrow these two.

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
