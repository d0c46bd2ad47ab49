import { blake3, BLAKE3_BYTES } from '../../crypto/index.ts';
import { equalBytes } from './bytes.ts';
import { StoreVersionError } from './errors.ts';
import { manifestName } from './names.ts';
import { formatVersion, nonceBytes, type RunDescriptor } from './run-format.ts';

/**
 * A manifest: the whole state of the store at one moment, in a file that is written once under a number
 * that was never used before. Nothing is ever renamed or overwritten: under the strictest disk a power
 * loss in a rename may leave neither name.
 *
 *      0  "STEMEMAN"                                                  8 bytes
 *      8  version                                                     u32
 *     12  number, as in the name of the file                          u32
 *     16  id of the store                                             8 bytes
 *     24  log offset: what the log has before it is in the runs       u64
 *     32  id for the next run                                         u32
 *     36  runs                                                        u32
 *     40  for each run, newest first: id u32 | nonce 8 bytes | size u64
 *      .  blake3 of everything above                                  32 bytes
 *
 * All numbers are little-endian.
 */
export interface Manifest {
  readonly number: number;
  /** Random; also in every record of the log, so that the log of another store is not taken for ours. */
  readonly storeId: Uint8Array;
  readonly logOffset: number;
  readonly nextRunId: number;
  /** Newest first. */
  readonly runs: readonly RunDescriptor[];
}

export const storeIdBytes = 8;

/** A larger file is no manifest of ours: it would name some 50,000 runs. */
export const manifestBytesMax = 1 << 20;

const magic = Uint8Array.from('STEMEMAN', (letter) => letter.charCodeAt(0));
const headerBytes = 40;
const runBytes = 4 + nonceBytes + 8;

export function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const bodyBytes = headerBytes + manifest.runs.length * runBytes;
  const bytes = new Uint8Array(bodyBytes + BLAKE3_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint32(8, formatVersion, true);
  view.setUint32(12, manifest.number, true);
  bytes.set(manifest.storeId, 16);
  view.setBigUint64(24, BigInt(manifest.logOffset), true);
  view.setUint32(32, manifest.nextRunId, true);
  view.setUint32(36, manifest.runs.length, true);
  let at = headerBytes;
  for (const run of manifest.runs) {
    view.setUint32(at, run.id, true);
    bytes.set(run.nonce, at + 4);
    view.setBigUint64(at + 4 + nonceBytes, BigInt(run.size), true);
    at += runBytes;
  }
  bytes.set(blake3(bytes, 0, bodyBytes), bodyBytes);
  return bytes;
}

/**
 * The manifest, or the reason why `bytes` is not manifest `number` and may be what a power loss left of it.
 * Throws `StoreVersionError` for one that is whole and of another version, which no crash can explain.
 */
export function decodeManifest(bytes: Uint8Array, number: number): Manifest | string {
  if (bytes.length < headerBytes + BLAKE3_BYTES) return 'the file is too short';
  const bodyBytes = bytes.length - BLAKE3_BYTES;
  if (!equalBytes(blake3(bytes, 0, bodyBytes), bytes.subarray(bodyBytes))) return 'the digest does not match';
  if (!equalBytes(bytes.subarray(0, magic.length), magic)) return 'the file is not a manifest';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = view.getUint32(12, true);
  if (found !== number) return `the file holds manifest ${found}`;
  const version = view.getUint32(8, true);
  if (version !== formatVersion) throw new StoreVersionError(manifestName(number), version, formatVersion);
  const count = view.getUint32(36, true);
  if (bodyBytes !== headerBytes + count * runBytes) return 'the number of runs does not fit the size';
  const runs: RunDescriptor[] = [];
  for (let at = headerBytes; at < bodyBytes; at += runBytes) {
    runs.push({
      id: view.getUint32(at, true),
      nonce: bytes.slice(at + 4, at + 4 + nonceBytes),
      size: Number(view.getBigUint64(at + 4 + nonceBytes, true)),
    });
  }
  return {
    number,
    storeId: bytes.slice(16, 16 + storeIdBytes),
    logOffset: Number(view.getBigUint64(24, true)),
    nextRunId: view.getUint32(32, true),
    runs,
  };
}
