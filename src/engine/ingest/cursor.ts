import { invariant } from '../errors.ts';

const cursorBytes = 8;

/** The log offset before which everything is in the store: u64, little-endian. */
export function encodeCursor(offset: number): Uint8Array {
  const bytes = new Uint8Array(cursorBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(offset), true);
  return bytes;
}

/** Reads what `encodeCursor` wrote; the store has already checked that it is unchanged. */
export function decodeCursor(bytes: Uint8Array): number {
  invariant(bytes.length === cursorBytes, `the ingest cursor has ${bytes.length} bytes`);
  const offset = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return Number(offset);
}
