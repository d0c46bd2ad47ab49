import type { FileSystem } from '../../ports/index.ts';
import { FileWindow } from './file-window.ts';
import { closeFile, openFile } from './files.ts';
import { probeRecords } from './probe.ts';
import type { DecodedRecord, RecordFault } from './record.ts';
import { offsetOf, positionOf } from './segment-header.ts';
import { chainStart, SegmentWalk } from './segment-walk.ts';
import type { HeadedSegment } from './survey.ts';

/** What is found in a segment, in the order of the file. */
export type SegmentFinding =
  /** A record of the unbroken chain. */
  | { readonly type: 'record'; readonly position: number; readonly record: DecodedRecord }
  /** Where the chain breaks, and what stands there. */
  | {
      readonly type: 'fault';
      readonly position: number;
      readonly offset: number;
      readonly fault: RecordFault;
    }
  /** An intact record of the segment behind the break: no part of the log, but evidence. */
  | { readonly type: 'stray'; readonly position: number; readonly record: DecodedRecord };

/**
 * Reads a segment: the records of its chain, where that breaks, and what is intact behind it; with an
 * `until`, the chain up to that offset only. Changes nothing. Rejects with `WalIoError`.
 */
export async function* findInSegment(
  fs: FileSystem,
  segment: HeadedSegment,
  readChunkBytes: number,
  until?: number,
): AsyncGenerator<SegmentFinding, void> {
  const { header, path, fileBytes } = segment;
  const end = until ?? Math.max(header.base, offsetOf(header, fileBytes));
  const handle = await openFile(fs, path);
  try {
    const window = new FileWindow(handle, path, readChunkBytes);
    const walk = new SegmentWalk(window, header, chainStart(header));
    while (walk.offset < end && walk.fault === undefined) {
      for (const record of await walk.batch(end)) {
        yield { type: 'record', position: positionOf(header, record.offset), record };
      }
    }
    const { fault, offset } = walk;
    if (fault === undefined) return;
    const position = positionOf(header, offset);
    yield { type: 'fault', position, offset, fault };
    if (until !== undefined) return;
    const strays = probeRecords(window, header.nonce, header.sectorBytes, position, fileBytes);
    for await (const stray of strays) yield { type: 'stray', ...stray };
  } finally {
    await closeFile(handle);
  }
}
