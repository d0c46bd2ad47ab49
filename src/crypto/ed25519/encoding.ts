/** Bytes of a signature: R, then S. */
export const SIGNATURE_BYTES = 64;

/** Bytes of a public key, of a secret seed, and of the R and S in a signature. */
export const KEY_BYTES = 32;

/** The order of the base point. */
const GROUP_ORDER = littleEndian(2n ** 252n + 27742317777372353535851937790883648493n);

/** The number of elements of the field. */
const FIELD_ORDER = littleEndian(2n ** 255n - 19n);

/** Whether the 32 bytes from `offset` are a scalar below the group order. */
export function isCanonicalScalar(bytes: Uint8Array, offset: number): boolean {
  return isBelow(bytes, offset, GROUP_ORDER, 0xff);
}

/**
 * Whether the 32 bytes from `offset` are the one encoding of whatever point they stand for: y is below
 * the field order, and x carries no sign when it is zero. It need not be a point of the curve.
 */
export function isCanonicalPoint(bytes: Uint8Array, offset: number): boolean {
  if (!isBelow(bytes, offset, FIELD_ORDER, 0x7f)) return false;
  const isXNegative = (bytes[offset + 31]! & 0x80) !== 0;
  return !(isXNegative && isXZero(bytes, offset));
}

/** Whether the 32 bytes from `offset` are the canonical encoding of the neutral element, x = 0 and y = 1. */
export function isNeutralPoint(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset] === 0x01 && bytes[offset + 31] === 0x00 && isXZero(bytes, offset);
}

/** x is zero exactly when y is 1 or -1; the sign bit is no part of y. */
function isXZero(bytes: Uint8Array, offset: number): boolean {
  const low = bytes[offset]!;
  if (low !== 0x01 && low !== 0xec) return false;
  const middle = low === 0x01 ? 0x00 : 0xff;
  for (let at = 1; at < 31; at += 1) if (bytes[offset + at] !== middle) return false;
  return (bytes[offset + 31]! & 0x7f) === (middle & 0x7f);
}

function isBelow(bytes: Uint8Array, offset: number, bound: Uint8Array, topMask: number): boolean {
  for (let at = 31; at >= 0; at -= 1) {
    const byte = at === 31 ? bytes[offset + at]! & topMask : bytes[offset + at]!;
    if (byte !== bound[at]) return byte < bound[at]!;
  }
  return false;
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));
}
