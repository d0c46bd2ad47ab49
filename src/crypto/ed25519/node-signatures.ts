import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Signatures } from '../../ports/index.ts';
import { toHex } from '../hex.ts';
import {
  isCanonicalPoint,
  isCanonicalScalar,
  isNeutralPoint,
  KEY_BYTES,
  SIGNATURE_BYTES,
} from './encoding.ts';
import { nobleSignatures } from './noble-signatures.ts';
import { Recent } from './recent.ts';
import { isPrimeOrder } from './torsion.ts';

const KEYS_REMEMBERED = 4096;

/** What RFC 8410 puts before the 32 bytes of a secret seed in PKCS #8. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

interface PublicKey {
  readonly handle: KeyObject;
  /** `undefined` until somebody needs to know. */
  isPrimeOrder: boolean | undefined;
}

interface SecretKey {
  readonly handle: KeyObject;
  /** Derived when somebody first asks. */
  publicKey: Uint8Array | undefined;
}

const publicKeys = new Recent<PublicKey>(KEYS_REMEMBERED);
const secretKeys = new Recent<SecretKey>(KEYS_REMEMBERED);

/**
 * The fast twin, over OpenSSL, which checks the cofactorless equation by comparing the bytes of R. What it
 * leaves open is closed here: it takes any public key that decodes, and whether points of small order pass
 * depends on the release of Node (nodejs/node#64026). Key handles are kept for the keys used
 * last. About 65 µs to sign and 170 µs to verify; 1.2 ms more the first time a key that was not made here
 * verifies something.
 */
export const nodeSignatures: Signatures = {
  publicKey(secretKey) {
    const key = secretKeyOf(secretKey);
    key.publicKey ??= derivePublicKey(key.handle);
    return Uint8Array.from(key.publicKey);
  },

  sign: (message, secretKey) => Uint8Array.from(sign(null, message, secretKeyOf(secretKey).handle)),

  verify(signature, message, publicKey) {
    const judged = judgeEncoding(signature, message, publicKey);
    if (typeof judged === 'boolean') return judged;
    return verify(null, message, judged.handle, signature) && provePrimeOrder(judged, publicKey);
  },

  async verifyAside(signature, message, publicKey) {
    const judged = judgeEncoding(signature, message, publicKey);
    if (typeof judged === 'boolean') return judged;
    return (await verifyOnPool(message, judged.handle, signature)) && provePrimeOrder(judged, publicKey);
  },
};

/** The answer where the bytes alone give it, or else the key to verify with. */
function judgeEncoding(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean | PublicKey {
  if (signature.length !== SIGNATURE_BYTES || publicKey.length !== KEY_BYTES) return false;
  if (!isCanonicalPoint(publicKey, 0)) return false;
  if (!isCanonicalPoint(signature, 0) || !isCanonicalScalar(signature, KEY_BYTES)) return false;
  // The one point of small order that the rule lets R be, and so the one where releases of Node differ.
  if (isNeutralPoint(signature, 0)) return nobleSignatures.verify(signature, message, publicKey);
  const key = publicKeyOf(publicKey);
  return key.isPrimeOrder === false ? false : key;
}

/**
 * Last, because it is the dearest: who cannot sign for a key cannot make anyone pay for it either. The key
 * has verified something, so it does encode a point.
 */
function provePrimeOrder(key: PublicKey, publicKey: Uint8Array): boolean {
  key.isPrimeOrder ??= isPrimeOrder(publicKey);
  return key.isPrimeOrder;
}

/** In libuv's thread pool. */
function verifyOnPool(message: Uint8Array, key: KeyObject, signature: Uint8Array): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, message, key, signature, (error, isValid) => {
      if (error === null) resolve(isValid);
      else reject(error);
    });
  });
}

function publicKeyOf(publicKey: Uint8Array): PublicKey {
  const name = toHex(publicKey);
  const known = publicKeys.get(name);
  if (known !== undefined) return known;
  const x = Buffer.from(publicKey).toString('base64url');
  // A JWK imports nine times faster than DER.
  const handle = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const key: PublicKey = { handle, isPrimeOrder: undefined };
  publicKeys.set(name, key);
  return key;
}

function derivePublicKey(secretKey: KeyObject): Uint8Array {
  const publicKey = createPublicKey(secretKey).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
  // A multiple of the base point by a clamped scalar is of prime order: nothing is left to check.
  publicKeyOf(publicKey).isPrimeOrder = true;
  return publicKey;
}

function secretKeyOf(secretKey: Uint8Array): SecretKey {
  if (secretKey.length !== KEY_BYTES) {
    throw new RangeError(`a secret key has ${KEY_BYTES} bytes, not ${secretKey.length}`);
  }
  const name = toHex(secretKey);
  const known = secretKeys.get(name);
  if (known !== undefined) return known;
  const encoded = Buffer.concat([PKCS8_HEAD, secretKey]);
  const handle = createPrivateKey({ key: encoded, format: 'der', type: 'pkcs8' });
  const key: SecretKey = { handle, publicKey: undefined };
  secretKeys.set(name, key);
  return key;
}
