import type { FileSystem } from '../../ports/index.ts';
import { openFile, closeFile, readFully } from '../wal/files.ts';
import { findInSegment } from '../wal/findings.ts';
import type { DecodedRecord, RecordFault } from '../wal/record.ts';
import { encodeHeader, offsetOf, positionOf, recordsAt } from '../wal/segment-header.ts';
import { type ChainPoint, chainStart, pointAfter } from '../wal/segment-walk.ts';
import type { HeadedSegment } from '../wal/survey.ts';
import { strayRecords } from './stray-records.ts';

/** A stretch of a segment in which no record is intact. */
export interface Gap {
  /** In the file. */
  readonly position: number;
  /** In the log. */
  readonly offset: number;
  readonly bytes: number;
}

/** All that is in a segment. */
export interface SegmentContent {
  /** Where its unbroken chain ends. */
  readonly end: ChainPoint;
  /** Of that chain. */
  readonly records: number;
  readonly dataRecords: number;
  /** Of the chain's last data record; `undefined` when it has none. */
  readonly dataEnd: number | undefined;
  readonly isSealed: boolean;
  /** Some record has been appended by whoever made the segment: its header was durable before. */
  readonly wasServed: boolean;
  /** The highest that any intact record, or the header, says is durable. */
  readonly provenThrough: number;
  /** What stands at the end of the chain instead of a record; `undefined` when the file ends there. */
  readonly fault: RecordFault | undefined;
  /** Where no record is, in order; the first one ends the chain. */
  readonly gaps: readonly Gap[];
  /** Which of its two headers is not as it was written, and from which byte of the file on. */
  readonly headerFlaws: readonly { readonly copy: 1 | 2; readonly position: number }[];
}

export const readChunkBytes = 256 * 1024;

/** Reads every byte of a segment. Rejects with `WalIoError`. */
export async function examineSegment(fs: FileSystem, segment: HeadedSegment): Promise<SegmentContent> {
  const { header, fileBytes } = segment;
  let end = chainStart(header);
  let records = 0;
  let dataRecords = 0;
  let dataEnd: number | undefined;
  let isSealed = false;
  let wasServed = false;
  let provenThrough = header.carriedThrough;
  let fault: RecordFault | undefined;
  const gaps: Gap[] = [];
  let intactEnd = recordsAt(header);
  const skipTo = (position: number): void => {
    const bytes = position - intactEnd;
    if (bytes > 0) gaps.push({ position: intactEnd, offset: offsetOf(header, intactEnd), bytes });
    intactEnd = position;
  };
  const learn = (record: DecodedRecord): void => {
    provenThrough = Math.max(provenThrough, record.durableThrough);
    wasServed ||= !record.carried;
  };
  for await (const finding of findInSegment(fs, segment, readChunkBytes)) {
    if (finding.type !== 'record') {
      if (finding.type === 'fault') fault = finding.fault;
      break;
    }
    const { record } = finding;
    learn(record);
    intactEnd = positionOf(header, record.endOffset);
    end = pointAfter(record);
    records += 1;
    isSealed = record.kind === 'seal';
    if (record.kind === 'data') {
      dataRecords += 1;
      dataEnd = record.endOffset;
    }
  }
  if (fault !== undefined) {
    await strayRecords(fs, segment, intactEnd, ({ position, bytes, record }) => {
      skipTo(position);
      intactEnd += bytes;
      learn(record);
    });
  }
  skipTo(fileBytes);
  return {
    // A copy, for the hash is a view that would keep a whole chunk alive.
    end: { ...end, hash: end.hash.slice() },
    records,
    dataRecords,
    dataEnd,
    isSealed,
    wasServed,
    provenThrough,
    fault,
    gaps,
    headerFlaws: await headerFlaws(fs, segment),
  };
}

/** Compares both copies with what was written, the zeros that fill their sectors included. */
async function headerFlaws(
  fs: FileSystem,
  { path, header }: HeadedSegment,
): Promise<SegmentContent['headerFlaws']> {
  const expected = encodeHeader(header);
  const found = new Uint8Array(expected.length);
  const handle = await openFile(fs, path);
  try {
    const length = await readFully(handle, path, found, 0);
    const flaws: { copy: 1 | 2; position: number }[] = [];
    for (const copy of [1, 2] as const) {
      const start = (copy - 1) * header.sectorBytes;
      for (let at = start; at < start + header.sectorBytes; at += 1) {
        if (at < length && found[at] === expected[at]) continue;
        flaws.push({ copy, position: at });
        break;
      }
    }
    return flaws;
  } finally {
    await closeFile(handle);
  }
}
