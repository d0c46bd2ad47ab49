import { hashes, getPublicKey, Point, sign } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import type { Signatures } from '../../ports/index.ts';
import { KEY_BYTES, SIGNATURE_BYTES } from './encoding.ts';

// noble asks for a synchronous hash to be plugged in; its own would be WebCrypto, which is not.
hashes.sha512 = (message) => sha512(message);

const GROUP_ORDER = Point.CURVE().n;

/**
 * The reference: every step of the rule written out over noble's arithmetic, nothing cached. noble's own
 * `verify` is not used, because both of its modes multiply by the cofactor and neither asks whether a
 * key has a torsion component. About 1 ms to sign and 4 ms to verify.
 */
export const nobleSignatures: Signatures = {
  publicKey: (secretKey) => Uint8Array.from(getPublicKey(secretKey)),

  sign: (message, secretKey) => Uint8Array.from(sign(message, secretKey)),

  verify(signature, message, publicKey) {
    if (signature.length !== SIGNATURE_BYTES || publicKey.length !== KEY_BYTES) return false;
    const key = decodePoint(publicKey);
    const commitment = decodePoint(signature.subarray(0, KEY_BYTES));
    const response = littleEndian(signature.subarray(KEY_BYTES));
    if (key === undefined || commitment === undefined || response >= GROUP_ORDER) return false;
    if (key.isSmallOrder() || !key.isTorsionFree()) return false;

    const challenge = challengeOf(signature, message, publicKey);
    const left = Point.BASE.multiplyUnsafe(response);
    const right = commitment.add(key.multiplyUnsafe(challenge));
    return left.equals(right);
  },

  verifyAside: async (signature, message, publicKey) => nobleSignatures.verify(signature, message, publicKey),
};

/** The point, or `undefined` when the bytes are no point or not its canonical encoding. */
function decodePoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    // The length is right, so noble refuses for one reason only: this encodes no point.
    return undefined;
  }
}

/** SHA-512 of R, A and the message, as a scalar. */
function challengeOf(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): bigint {
  const hash = sha512.create().update(signature.subarray(0, KEY_BYTES)).update(publicKey);
  return littleEndian(hash.update(message).digest()) % GROUP_ORDER;
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at -= 1) value = (value << 8n) | BigInt(bytes[at]!);
  return value;
}
