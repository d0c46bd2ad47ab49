/** Bytes of a stored counter: a signed 128-bit integer, little-endian. */
export const counterBytes = 16;

/** The greatest counter; the least is `-counterMax - 1n`. */
export const counterMax = 2n ** 127n - 1n;

const lowMask = 2n ** 64n - 1n;

/** Throws `RangeError` when `value` does not fit. */
export function encodeCounter(value: bigint): Uint8Array<ArrayBuffer> {
  if (!isCounter(value)) throw new RangeError(`a counter holds 128 bits, ${value} needs more`);
  const bytes = new Uint8Array(counterBytes);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, value & lowMask, true);
  view.setBigInt64(8, value >> 64n, true);
  return bytes;
}

/** The counter in `bytes`, or `undefined` when they are not 16 and so are none. */
export function decodeCounter(bytes: Uint8Array): bigint | undefined {
  if (bytes.length !== counterBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, counterBytes);
  return (view.getBigInt64(8, true) << 64n) | view.getBigUint64(0, true);
}

/** Whether `value` fits a counter. */
export function isCounter(value: bigint): boolean {
  return BigInt.asIntN(128, value) === value;
}
