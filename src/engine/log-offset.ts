import { invariant } from './errors.ts';

const offsetBytes = 8;

/** A place in the log as the store keeps it, the ingest cursor for one: u64, little-endian. */
export function encodeLogOffset(offset: number): Uint8Array {
  const bytes = new Uint8Array(offsetBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(offset), true);
  return bytes;
}

/** Reads what `encodeLogOffset` wrote; the store has already checked that it is unchanged. */
export function decodeLogOffset(bytes: Uint8Array): number {
  invariant(bytes.length === offsetBytes, `a place in the log has ${bytes.length} bytes`);
  const offset = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return Number(offset);
}
