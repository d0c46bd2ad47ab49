import { createBLAKE3 } from 'hash-wasm';

/** Bytes of a digest. */
export const BLAKE3_BYTES = 32;

// Compiling WebAssembly is the one asynchronous step, so it is done while the module loads: the hash
// itself must be synchronous, because inside a simulation nothing may wait for the real world.
const hasher = await createBLAKE3();

/**
 * BLAKE3 of `bytes[start, end)`: 32 bytes, fresh, owned by the caller.
 *
 * Throws `RangeError` when the range does not lie within `bytes`.
 */
export function blake3(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array<ArrayBuffer> {
  hasher.init().update(slice(bytes, start, end));
  return digest();
}

/**
 * BLAKE3 of `prefix` followed by `bytes[start, end)`, without joining them first. A fixed prefix for each
 * kind of content is what keeps a digest of one kind from ever being a digest of another.
 *
 * Throws `RangeError` when the range does not lie within `bytes`.
 */
export function blake3Prefixed(
  prefix: Uint8Array,
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): Uint8Array<ArrayBuffer> {
  hasher
    .init()
    .update(prefix)
    .update(slice(bytes, start, end));
  return digest();
}

function slice(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (start === 0 && end === bytes.length) return bytes;
  if (!(start >= 0 && start <= end && end <= bytes.length)) {
    throw new RangeError(`blake3: [${start}, ${end}) is not a range of ${bytes.length} bytes`);
  }
  return bytes.subarray(start, end);
}

function digest(): Uint8Array<ArrayBuffer> {
  // hash-wasm copies the digest out of its own memory, which is an ArrayBuffer of exactly its length.
  return hasher.digest('binary') as Uint8Array<ArrayBuffer>;
}
