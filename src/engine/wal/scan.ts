import type { FileSystem } from '../../ports/index.ts';
import { equalAt } from './bytes.ts';
import { WalCorruptError } from './errors.ts';
import { findInSegment } from './findings.ts';
import type { RecordFault } from './record.ts';
import { type ChainPoint, chainStart, pointAfter } from './segment-walk.ts';
import type { HeadedSegment } from './survey.ts';

/** What a segment holds and proves. */
export interface SegmentScan {
  /** Where its unbroken chain of records ends. */
  readonly end: ChainPoint;
  /** What stands at the end instead of a record; `undefined` when the file ends there. */
  readonly fault: RecordFault | undefined;
  /** Everything below is durable: its header or some intact record, wherever it stands, says so. */
  readonly provenThrough: number;
  /** It has records of its own, so whoever made it had seen its header and its name become durable. */
  readonly served: boolean;
  /** Where the last data record of the chain ends; `undefined` when there is none. */
  readonly dataEnd: number | undefined;
}

/** Reads a segment to the end of its file, or to `until`. Changes nothing. */
export async function scanSegment(
  fs: FileSystem,
  segment: HeadedSegment,
  readChunkBytes: number,
  until?: number,
): Promise<SegmentScan> {
  const { header } = segment;
  let end = chainStart(header);
  let fault: RecordFault | undefined;
  let provenThrough = header.carriedThrough;
  let served = false;
  let dataEnd: number | undefined;
  for await (const finding of findInSegment(fs, segment, readChunkBytes, until)) {
    if (finding.type === 'fault') {
      fault = finding.fault;
      continue;
    }
    const { record } = finding;
    provenThrough = Math.max(provenThrough, record.durableThrough);
    served ||= !record.carried;
    if (finding.type === 'stray') continue;
    end = pointAfter(record);
    if (record.kind === 'data') dataEnd = record.endOffset;
  }
  // A copy, for the hash is a view that would keep a whole chunk alive.
  return { end: { ...end, hash: end.hash.slice() }, fault, provenThrough, served, dataEnd };
}

/** As `scanSegment`, and throws `WalCorruptError` unless the chain leads exactly to `until`. */
export async function scanUntil(
  fs: FileSystem,
  segment: HeadedSegment,
  until: number,
  readChunkBytes: number,
): Promise<SegmentScan> {
  const scan = await scanSegment(fs, segment, readChunkBytes, until);
  const { end, fault } = scan;
  if (fault === undefined) return scan;
  throw new WalCorruptError(
    segment.path,
    end.offset,
    `there is ${fault}, though the log is durable to ${until}`,
  );
}

export function isSamePoint(one: ChainPoint, other: ChainPoint): boolean {
  return one.offset === other.offset && one.lsn === other.lsn && equalAt(one.hash, 0, other.hash);
}
