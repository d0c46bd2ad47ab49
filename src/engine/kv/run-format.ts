import { blake3, BLAKE3_BYTES, crc32c, toHex } from '../../crypto/index.ts';
import { equalBytes } from './bytes.ts';

/**
 * A run: sorted entries in a file that is written once and never changed.
 *
 *     block 0 | block 1 | ... | index | footer
 *
 * The footer, the last 92 bytes (little-endian):
 *
 *      0  "STEMERUN"                      8 bytes
 *      8  version                         u32
 *     12  id of the run                   u32
 *     16  nonce of the run                8 bytes
 *     24  entries                         u64
 *     32  tombstones among them           u64
 *     40  bytes of all blocks             u64
 *     48  blocks                          u32
 *     52  bytes of the index              u32
 *     56  blake3 of the index             32 bytes
 *     88  crc32c of everything above      u32
 *
 * The manifest names id, nonce and size, so that no other file can stand in for this one.
 */
export const footerBytes = 92;

/** Bytes of the random number that tells one run from any other that ever was. */
export const nonceBytes = 8;

/** The generation of the on-disk format; files of another one are refused. */
export const formatVersion = 2;

const magic = Uint8Array.from('STEMERUN', (letter) => letter.charCodeAt(0));
const digestAt = 56;
const checksumAt = digestAt + BLAKE3_BYTES;

/** A run as the manifest names it. */
export interface RunDescriptor {
  readonly id: number;
  readonly nonce: Uint8Array;
  /** Bytes of the file. */
  readonly size: number;
}

/** What the footer tells beyond the descriptor. */
export interface RunSummary {
  readonly entries: number;
  readonly tombstones: number;
  readonly blocksBytes: number;
  readonly blocks: number;
  readonly indexBytes: number;
}

export function encodeFooter(
  run: Pick<RunDescriptor, 'id' | 'nonce'>,
  summary: RunSummary,
  index: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const footer = new Uint8Array(footerBytes);
  const view = new DataView(footer.buffer);
  footer.set(magic);
  view.setUint32(8, formatVersion, true);
  view.setUint32(12, run.id, true);
  footer.set(run.nonce, 16);
  view.setBigUint64(24, BigInt(summary.entries), true);
  view.setBigUint64(32, BigInt(summary.tombstones), true);
  view.setBigUint64(40, BigInt(summary.blocksBytes), true);
  view.setUint32(48, summary.blocks, true);
  view.setUint32(52, summary.indexBytes, true);
  footer.set(blake3(index), digestAt);
  view.setUint32(checksumAt, crc32c(footer, 0, checksumAt), true);
  return footer;
}

/** The summary of `run`, or the reason why `footer` is not the end of it. */
export function decodeFooter(footer: Uint8Array, run: RunDescriptor): RunSummary | string {
  if (footer.length !== footerBytes) return 'the file ends within the footer';
  const view = new DataView(footer.buffer, footer.byteOffset, footer.length);
  if (view.getUint32(checksumAt, true) !== crc32c(footer, 0, checksumAt)) {
    return 'the checksum of the footer does not match';
  }
  if (!equalBytes(footer.subarray(0, magic.length), magic)) return 'the file is not a run';
  const version = view.getUint32(8, true);
  if (version !== formatVersion) return `the version is ${version}, expected ${formatVersion}`;
  const id = view.getUint32(12, true);
  const nonce = footer.subarray(16, 16 + nonceBytes);
  if (id !== run.id || !equalBytes(nonce, run.nonce)) {
    return `the file is run ${id} ${toHex(nonce)}, expected ${run.id} ${toHex(run.nonce)}`;
  }
  const summary = {
    entries: Number(view.getBigUint64(24, true)),
    tombstones: Number(view.getBigUint64(32, true)),
    blocksBytes: Number(view.getBigUint64(40, true)),
    blocks: view.getUint32(48, true),
    indexBytes: view.getUint32(52, true),
  };
  if (summary.blocksBytes + summary.indexBytes + footerBytes !== run.size) {
    return 'blocks, index and footer do not add up to the size of the file';
  }
  return summary;
}

/** Whether `index` is the one that the footer was written with. */
export function isIndexOf(footer: Uint8Array, index: Uint8Array): boolean {
  return equalBytes(blake3(index), footer.subarray(digestAt, checksumAt));
}
