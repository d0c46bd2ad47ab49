import { blake3, crc32c } from '../../crypto/index.ts';
import { equalAt } from './bytes.ts';
import {
  type Envelope,
  envelopeBytes,
  hashBytes,
  hasNonce,
  previousHashOf,
  readEnvelope,
  type RecordKind,
  writeEnvelope,
} from './envelope.ts';

/**
 * A record, version 2; numbers are little endian:
 *
 *      0  len         u32   bytes of the payload, 72 to 2^28
 *      4  crc32c      u32   of len, hash and envelope: bytes [0, 4) and [8, 112)
 *      8  blake3      32    of the payload
 *     40  payload           envelope (72), body, zeros up to len
 *
 * The two checksums share the work. The crc makes the first 112 bytes trustworthy before `len` of
 * anything is read or allocated, and costs the same for a large record as for a small one. The hash
 * covers the payload to its last byte, and is the link of the chain.
 */
const frameBytes = 40;
const crcAt = 4;
const hashAt = 8;

/** Bytes of a record without its body. */
export const recordHeadBytes = frameBytes + envelopeBytes;

const payloadBytesMax = 1 << 28;

/** The longest body that fits into a record with room for its filler. */
export const bodyBytesLimit = payloadBytesMax - envelopeBytes - (1 << 16);

/** What stands where a record must stand. */
export type RecordFault =
  | 'the end of the file in the middle of a record'
  | 'a length of zero'
  | 'a length out of range'
  | 'a length beyond the end'
  | 'a wrong checksum'
  | 'a wrong hash'
  | 'an envelope that makes no sense'
  | 'a record of another segment'
  | 'a record from elsewhere in the log'
  | 'a record out of sequence'
  | 'a record that does not continue the chain'
  | 'a carried record among new ones, or a new one among carried';

/** A record that has passed both checksums. Its arrays are views into the bytes that it was read from. */
export interface DecodedRecord extends Envelope {
  /** Where the next record begins. */
  readonly endOffset: number;
  readonly hash: Uint8Array;
  readonly previousHash: Uint8Array;
  readonly body: Uint8Array;
}

/** What `encodeRecord` is told; the hash of the record before comes with it. */
export interface RecordFields {
  readonly kind: RecordKind;
  readonly carried: boolean;
  readonly nonce: Uint8Array;
  readonly lsn: number;
  readonly offset: number;
  readonly durableThrough: number;
  readonly previousHash: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * Writes a record of `totalBytes`, filler included, into `bytes` at `at` and returns its hash. `view` is
 * over the whole of `bytes`; what stood there before does not matter.
 */
export function encodeRecord(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  totalBytes: number,
  fields: RecordFields,
): Uint8Array<ArrayBuffer> {
  const { kind, carried, lsn, offset, durableThrough, body } = fields;
  const payloadAt = at + frameBytes;
  const bodyAt = payloadAt + envelopeBytes;
  const end = at + totalBytes;
  const envelope = { kind, carried, bodyLength: body.length, lsn, offset, durableThrough };
  writeEnvelope(bytes, view, payloadAt, envelope, fields.nonce, fields.previousHash);
  bytes.set(body, bodyAt);
  bytes.fill(0, bodyAt + body.length, end);
  const hash = blake3(bytes, payloadAt, end);
  view.setUint32(at, totalBytes - frameBytes, true);
  bytes.set(hash, at + hashAt);
  view.setUint32(at + crcAt, headChecksum(bytes, at), true);
  return hash;
}

/**
 * The length of the record that begins `bytes`, filler included, from its first 112 bytes.
 * `availableBytes` is how far it may reach, in `bytes` or beyond.
 */
export function measureRecord(bytes: Uint8Array, availableBytes: number): number | RecordFault {
  if (availableBytes < recordHeadBytes) return 'the end of the file in the middle of a record';
  const view = new DataView(bytes.buffer, bytes.byteOffset, recordHeadBytes);
  const payloadBytes = view.getUint32(0, true);
  if (payloadBytes === 0) return 'a length of zero';
  if (payloadBytes < envelopeBytes || payloadBytes > payloadBytesMax) return 'a length out of range';
  if (frameBytes + payloadBytes > availableBytes) return 'a length beyond the end';
  if (view.getUint32(crcAt, true) !== headChecksum(bytes, 0)) return 'a wrong checksum';
  return frameBytes + payloadBytes;
}

/** The record that fills `frame`, as `measureRecord` cut it, if it is one of the segment with this nonce. */
export function decodeRecord(frame: Uint8Array, nonce: Uint8Array): DecodedRecord | RecordFault {
  const bodyAt = recordHeadBytes;
  if (!hasNonce(frame, frameBytes, nonce)) return 'a record of another segment';
  if (!equalAt(frame, hashAt, blake3(frame, frameBytes))) return 'a wrong hash';
  const envelope = readEnvelope(new DataView(frame.buffer, frame.byteOffset + frameBytes, envelopeBytes), 0);
  if (envelope === undefined || bodyAt + envelope.bodyLength > frame.length) {
    return 'an envelope that makes no sense';
  }
  const { kind, carried, bodyLength, lsn, offset, durableThrough } = envelope;
  return {
    kind,
    carried,
    bodyLength,
    lsn,
    offset,
    durableThrough,
    endOffset: offset + frame.length,
    hash: frame.subarray(hashAt, hashAt + hashBytes),
    previousHash: previousHashOf(frame, frameBytes),
    body: frame.subarray(bodyAt, bodyAt + bodyLength),
  };
}

const head = new Uint8Array(recordHeadBytes - crcAt);

function headChecksum(bytes: Uint8Array, at: number): number {
  for (let index = 0; index < crcAt; index += 1) head[index] = bytes[at + index]!;
  head.set(bytes.subarray(at + hashAt, at + recordHeadBytes), crcAt);
  return crc32c(head);
}
