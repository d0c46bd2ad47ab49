import { equalAt, readUint64, writeUint64 } from './bytes.ts';

/**
 * The head of every payload: what gives a record its identity, so that a loss at a record boundary, a
 * stale sector of a removed file or a write that landed in the wrong place cannot pass for a record.
 *
 *      0  kind             u8    1 data, 2 watermark, 3 seal
 *      1  flags            u8    bit 0: carried over by a recovery
 *      2  zero             u16
 *      4  bodyLength       u32
 *      8  nonce            8     of the segment; random, so that no two segments share it
 *     16  lsn              u64   1 for the first record of a log, then one more for each, of any kind
 *     24  offset           u64   of this record in the log
 *     32  durableThrough   u64   the log was synced up to here when the record was encoded
 *     40  previousHash     32    of the record before this one; zeros for the first of a log
 */
export interface Envelope {
  readonly kind: RecordKind;
  readonly carried: boolean;
  readonly bodyLength: number;
  readonly lsn: number;
  readonly offset: number;
  readonly durableThrough: number;
}

/**
 * `data` holds a body of the caller. `watermark` proves the group before it and holds nothing. `seal` is
 * the last record of a segment that was rotated; its `lsn` and `previousHash` say how the segment ended.
 */
export type RecordKind = 'data' | 'watermark' | 'seal';

export const envelopeBytes = 72;
export const nonceBytes = 8;
export const hashBytes = 32;

const nonceAt = 8;
const previousHashAt = 40;
const carriedFlag = 1;
const kinds: readonly (RecordKind | undefined)[] = [undefined, 'data', 'watermark', 'seal'];

/** Writes an envelope at `at`; `view` is over the whole of `bytes`. */
export function writeEnvelope(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  envelope: Envelope,
  nonce: Uint8Array,
  previousHash: Uint8Array,
): void {
  view.setUint8(at, kinds.indexOf(envelope.kind));
  view.setUint8(at + 1, envelope.carried ? carriedFlag : 0);
  view.setUint16(at + 2, 0, true);
  view.setUint32(at + 4, envelope.bodyLength, true);
  bytes.set(nonce, at + nonceAt);
  writeUint64(view, at + 16, envelope.lsn);
  writeUint64(view, at + 24, envelope.offset);
  writeUint64(view, at + 32, envelope.durableThrough);
  bytes.set(previousHash, at + previousHashAt);
}

/** Reads the envelope at `at`; `undefined` when no writer can have written it. */
export function readEnvelope(view: DataView, at: number): Envelope | undefined {
  const kind = kinds[view.getUint8(at)];
  const flags = view.getUint8(at + 1);
  const lsn = readUint64(view, at + 16);
  const offset = readUint64(view, at + 24);
  const durableThrough = readUint64(view, at + 32);
  if (kind === undefined || flags > carriedFlag || view.getUint16(at + 2, true) !== 0) return undefined;
  if (!(lsn > 0) || !(durableThrough <= offset)) return undefined;
  const bodyLength = view.getUint32(at + 4, true);
  return { kind, carried: flags === carriedFlag, bodyLength, lsn, offset, durableThrough };
}

/** Whether the envelope at `at` carries this nonce; no more than a look at eight bytes. */
export function hasNonce(bytes: Uint8Array, at: number, nonce: Uint8Array): boolean {
  return equalAt(bytes, at + nonceAt, nonce);
}

/** A view of the previous record's hash in the envelope at `at`. */
export function previousHashOf(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.subarray(at + previousHashAt, at + previousHashAt + hashBytes);
}
