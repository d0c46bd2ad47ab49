import type { JournalDirectory } from './directory.ts';
import { hashBytes } from './envelope.ts';
import { WalCorruptError } from './errors.ts';
import { judgeHeaderless } from './leftovers.ts';
import { isSamePoint, scanSegment, type SegmentScan, scanUntil } from './scan.ts';
import { type ChainPoint, chainStart } from './segment-walk.ts';
import { type HeadedSegment, layOut, type SegmentFile, surveySegments } from './survey.ts';

/** What the caller knows about the log from elsewhere. */
export interface JournalKnowledge {
  /** Known to be durable through here, since something durable depends on it. Default 0. */
  readonly checkpoint?: number;
  /** The caller still has to read from here on. Default: nothing is needed. */
  readonly neededFrom?: number;
}

/** What became of a log, and what is to be done about it. */
export interface Judgement {
  /** The segments that hold the log, oldest first. */
  readonly chain: readonly HeadedSegment[];
  /** From here on the next segment must hold what the newest one holds. */
  readonly resume: ChainPoint;
  /** Where the log ends. */
  readonly end: ChainPoint;
  /** There is something at the end that does not belong to the log. */
  readonly isTorn: boolean;
  /** Where the last data record ends, or where the log begins if it holds none. */
  readonly dataEnd: number;
  /** Never part of the log. */
  readonly abandoned: readonly SegmentFile[];
  /** Held by other segments in full. */
  readonly superseded: readonly SegmentFile[];
  /** Older than the log, and not joined to it. */
  readonly disconnected: readonly SegmentFile[];
  readonly headerCopyLost: boolean;
  /** The highest id of all files. */
  readonly idMax: number;
}

/** Where every log begins. */
const logStart: ChainPoint = { offset: 0, lsn: 1, hash: new Uint8Array(hashBytes) };

/**
 * Reads all of a log and tells what was torn by a crash from what is corrupt. Changes nothing. Rejects
 * with `WalCorruptError`, `WalVersionError`, `WalIoError`.
 */
export async function judgeLog(
  directory: JournalDirectory,
  readChunkBytes: number,
  { checkpoint = 0, neededFrom }: JournalKnowledge,
): Promise<Judgement> {
  const survey = await surveySegments(directory);
  const { chain, superseded, disconnected } = layOut(survey);
  const headerless = await judgeHeaderless(directory, survey, readChunkBytes);
  const start = chain[0]?.header.base ?? 0;
  if (neededFrom !== undefined && neededFrom < start) {
    const reason = `the log begins here, though it is still needed from ${neededFrom} on`;
    throw new WalCorruptError(directory.path, start, reason);
  }
  let dataEnd = start;
  for (const [index, segment] of chain.slice(0, -1).entries()) {
    const next = chain[index + 1]!;
    const sealed = await readOlder(directory, segment, next, readChunkBytes);
    dataEnd = sealed.dataEnd ?? dataEnd;
  }
  const newest = chain.at(-1);
  const scan = newest && (await scanSegment(directory.fs, newest, readChunkBytes));
  const end = scan?.end ?? logStart;
  const durableThrough = Math.max(scan?.provenThrough ?? 0, checkpoint);
  if (end.offset < durableThrough) {
    // Bad at or above the durable lower bound is torn, bad below it is corrupt: here is the difference.
    const reason = `there is ${scan?.fault ?? 'the end'}, though the log is durable to ${durableThrough}`;
    throw new WalCorruptError(newest?.path ?? directory.path, end.offset, reason);
  }
  return {
    chain,
    resume: newest && scan ? await resumeAt(directory, newest, scan, readChunkBytes) : logStart,
    end,
    isTorn: scan?.fault !== undefined,
    dataEnd: Math.max(scan?.dataEnd ?? dataEnd, checkpoint),
    abandoned: headerless.abandoned,
    superseded,
    disconnected: [...disconnected, ...headerless.disconnected],
    headerCopyLost: survey.headed.some(({ copyLost }) => copyLost),
    idMax: survey.idMax,
  };
}

/** A segment that another follows must lead up to it without a gap. */
async function readOlder(
  { fs }: JournalDirectory,
  segment: HeadedSegment,
  next: HeadedSegment,
  readChunkBytes: number,
): Promise<SegmentScan> {
  const seam = chainStart(next.header);
  const scan = await scanUntil(fs, segment, seam.offset, readChunkBytes);
  if (isSamePoint(scan.end, seam)) return scan;
  throw new WalCorruptError(next.path, seam.offset, 'the segment does not continue the one before it');
}

/** From what is proven to be durable; from its base when it was never served, as its name may be lost. */
async function resumeAt(
  { fs }: JournalDirectory,
  newest: HeadedSegment,
  { served, provenThrough, end }: SegmentScan,
  readChunkBytes: number,
): Promise<ChainPoint> {
  if (!served) return chainStart(newest.header);
  if (provenThrough === end.offset) return end;
  return (await scanUntil(fs, newest, provenThrough, readChunkBytes)).end;
}
