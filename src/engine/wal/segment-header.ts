import { blake3, BLAKE3_BYTES } from '../../crypto/index.ts';
import { equalAt, readUint64, writeUint64 } from './bytes.ts';
import { hashBytes, nonceBytes } from './envelope.ts';
import { WalVersionError } from './errors.ts';
import type { FileWindow } from './file-window.ts';
import type { SegmentIdentity } from './segment-name.ts';

/**
 * A segment begins with its header, twice, in a sector each; records follow from the third sector on.
 *
 *      0  magic                8     "STEMEWAL"
 *      8  version              u32   2
 *     12  sectorBytes          u32
 *     16  id                   u64
 *     24  nonce                8
 *     32  id of predecessor    u64   0: none, this is where the log began
 *     40  nonce of predecessor 8
 *     48  base                 u64   offset of the first record in the log
 *     56  baseLsn              u64   its lsn
 *     64  carriedThrough       u64   records below were copied by the recovery that made the segment
 *     72  previousHash         32    of the last record before base
 *    104  blake3               32    of the 104 bytes before
 */
export interface SegmentHeader extends SegmentIdentity {
  readonly sectorBytes: number;
  /** Which segment holds the record that ends at `base`; `undefined` for the first of a log. */
  readonly predecessor: SegmentIdentity | undefined;
  readonly base: number;
  readonly baseLsn: number;
  readonly carriedThrough: number;
  readonly previousHash: Uint8Array;
}

export const formatVersion = 2;
export const sectorBytesMin = 512;
export const sectorBytesMax = 65_536;

const magic = new TextEncoder().encode('STEMEWAL');
const checksumAt = 104;
const headerBytes = checksumAt + BLAKE3_BYTES;

/** Where the records of a segment begin in its file. */
export function recordsAt(header: SegmentHeader): number {
  return 2 * header.sectorBytes;
}

/** Position in the file of an offset in the log. */
export function positionOf(header: SegmentHeader, offset: number): number {
  return recordsAt(header) + (offset - header.base);
}

/** Offset in the log of a position in the file. */
export function offsetOf(header: SegmentHeader, position: number): number {
  return header.base + (position - recordsAt(header));
}

/** Both sectors. */
export function encodeHeader(header: SegmentHeader): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(recordsAt(header));
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint32(8, formatVersion, true);
  view.setUint32(12, header.sectorBytes, true);
  writeUint64(view, 16, header.id);
  bytes.set(header.nonce, 24);
  if (header.predecessor !== undefined) {
    writeUint64(view, 32, header.predecessor.id);
    bytes.set(header.predecessor.nonce, 40);
  }
  writeUint64(view, 48, header.base);
  writeUint64(view, 56, header.baseLsn);
  writeUint64(view, 64, header.carriedThrough);
  bytes.set(header.previousHash, 72);
  bytes.set(blake3(bytes, 0, checksumAt), checksumAt);
  bytes.copyWithin(header.sectorBytes, 0, headerBytes);
  return bytes;
}

/** What the two sectors say. */
export interface FoundHeader {
  readonly header: SegmentHeader;
  /** One of the two sectors is damaged. The header is trustworthy all the same. */
  readonly copyLost: boolean;
}

/**
 * The header of the segment that is called `identity`, or `undefined` when neither copy is intact.
 * Rejects with `WalVersionError` when there is a header of another version, `WalIoError` as reads do.
 */
export async function readHeader(
  window: FileWindow,
  identity: SegmentIdentity,
): Promise<FoundHeader | undefined> {
  const first = await readCopy(window, identity, 0);
  if (first !== undefined) {
    const second = await readCopy(window, identity, first.sectorBytes);
    return { header: first, copyLost: second === undefined };
  }
  for (let sectorBytes = sectorBytesMin; sectorBytes <= sectorBytesMax; sectorBytes *= 2) {
    const second = await readCopy(window, identity, sectorBytes);
    if (second?.sectorBytes === sectorBytes) return { header: second, copyLost: true };
  }
  return undefined;
}

async function readCopy(
  window: FileWindow,
  identity: SegmentIdentity,
  position: number,
): Promise<SegmentHeader | undefined> {
  const bytes = await window.load(position, headerBytes);
  if (bytes.length < headerBytes || !equalAt(bytes, 0, magic)) return undefined;
  if (!equalAt(bytes, checksumAt, blake3(bytes, 0, checksumAt))) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const version = view.getUint32(8, true);
  if (version !== formatVersion) throw new WalVersionError(window.path, version, formatVersion);
  // A header that is whole but of another file is a stale sector, or a file under a wrong name.
  if (readUint64(view, 16) !== identity.id || !equalAt(bytes, 24, identity.nonce)) return undefined;
  const predecessorId = readUint64(view, 32);
  const header: SegmentHeader = {
    ...identity,
    sectorBytes: view.getUint32(12, true),
    predecessor:
      predecessorId === 0 ? undefined : { id: predecessorId, nonce: bytes.slice(40, 40 + nonceBytes) },
    base: readUint64(view, 48),
    baseLsn: readUint64(view, 56),
    carriedThrough: readUint64(view, 64),
    previousHash: bytes.slice(72, 72 + hashBytes),
  };
  return makesSense(header) ? header : undefined;
}

function makesSense({ id, sectorBytes, predecessor, base, baseLsn, carriedThrough }: SegmentHeader): boolean {
  return (
    isSectorSize(sectorBytes) &&
    (predecessor === undefined || predecessor.id < id) &&
    base <= carriedThrough &&
    baseLsn > 0
  );
}

/** Whether segments can be made of sectors of this size. */
export function isSectorSize(bytes: number): boolean {
  return bytes >= sectorBytesMin && bytes <= sectorBytesMax && (bytes & (bytes - 1)) === 0;
}
