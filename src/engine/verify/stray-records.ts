import type { FileSystem } from '../../ports/index.ts';
import { nonceBytes } from '../wal/envelope.ts';
import { FileWindow } from '../wal/file-window.ts';
import { withFile } from '../wal/files.ts';
import { loadFrame } from '../wal/frame.ts';
import { type DecodedRecord, decodeRecord } from '../wal/record.ts';
import type { HeadedSegment } from '../wal/survey.ts';

/** An intact record of a segment, and where it is. */
export interface StrayRecord {
  /** In the file. */
  readonly position: number;
  readonly bytes: number;
  readonly record: DecodedRecord;
}

/** In a record, before the nonce of its segment: the frame, and what the envelope begins with. */
const bytesBeforeNonce = 48;

const chunkBytes = 256 * 1024;

/**
 * All intact records of a segment from `position` on, however much lies between them that is not intact.
 * Recovery looks only where a group may begin, which is enough for a crash; damage can begin and end
 * anywhere. Rejects with `WalIoError`.
 */
export async function strayRecords(
  fs: FileSystem,
  { path, header, fileBytes }: HeadedSegment,
  position: number,
  visit: (stray: StrayRecord) => void,
): Promise<void> {
  await withFile(fs, path, async (handle) => {
    const window = new FileWindow(handle, path, chunkBytes);
    let at = position;
    while (at < fileBytes) {
      const frame = await loadFrame(window, at, fileBytes);
      const record = typeof frame === 'string' ? frame : decodeRecord(frame, header.nonce);
      if (typeof frame === 'string' || typeof record === 'string') {
        at = await nextCandidate(window, header.nonce, at + 1, fileBytes);
      } else {
        visit({ position: at, bytes: frame.length, record });
        at += frame.length;
      }
    }
  });
}

/** The next place from `from` on where a record of the segment may begin: one with the nonce where it must be. */
async function nextCandidate(
  window: FileWindow,
  nonce: Uint8Array,
  from: number,
  fileBytes: number,
): Promise<number> {
  for (let at = from + bytesBeforeNonce; at + nonceBytes <= fileBytes;) {
    const bytes = await window.load(at, Math.min(chunkBytes, fileBytes - at));
    const found = indexOf(bytes, nonce);
    if (found >= 0) return at + found - bytesBeforeNonce;
    if (bytes.length < nonceBytes) break;
    at += bytes.length - nonceBytes + 1;
  }
  return fileBytes;
}

function indexOf(bytes: Uint8Array, pattern: Uint8Array): number {
  const last = bytes.length - pattern.length;
  for (
    let at = bytes.indexOf(pattern[0] ?? 0);
    at >= 0 && at <= last;
    at = bytes.indexOf(pattern[0] ?? 0, at + 1)
  ) {
    if (pattern.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
