import { type FileSystem, isErrno } from '../../ports/index.ts';
import { JournalDirectory } from '../wal/directory.ts';
import { hashBytes } from '../wal/envelope.ts';
import type { WalCorruptError } from '../wal/errors.ts';
import { findInSegment } from '../wal/findings.ts';
import { type Judgement, type JournalKnowledge, judgeLog } from '../wal/judgement.ts';
import type { DecodedRecord } from '../wal/record.ts';
import { isSamePoint, scanSegment } from '../wal/scan.ts';
import { type ChainPoint, chainStart } from '../wal/segment-walk.ts';
import { positionOf } from '../wal/segment-header.ts';
import { parseSegmentName } from '../wal/segment-name.ts';
import { type InspectedSegment, inspectSegments } from '../wal/inspect.ts';
import { type HeadedSegment, surveySegments } from '../wal/survey.ts';
import { examineSegment, readChunkBytes, type SegmentContent } from './examine-segment.ts';
import { damage, damageOf, leftover, type Report } from './finding.ts';

/** A segment, the part it plays, and what is in it; without a header nobody can tell. */
export type SegmentPicture = InspectedSegment & { readonly content: SegmentContent | undefined };

/** A log as its files have it. */
export interface LogPicture {
  /** Oldest first. */
  readonly segments: readonly SegmentPicture[];
  /** What recovery would make of it; `undefined` when it would refuse. */
  readonly judgement: Judgement | undefined;
}

/**
 * Reads every byte of a log that nobody has open, and reports all that is wrong with it. Changes nothing.
 * Never rejects for what is in the files; where they cannot be read, that is reported as damage as well.
 */
export async function examineLog(
  fs: FileSystem,
  path: string,
  knowledge: JournalKnowledge,
  report: Report,
): Promise<LogPicture> {
  const directory = new JournalDirectory(fs, path);
  if (await isMissing(fs, path)) {
    if ((knowledge.checkpoint ?? 0) > 0) report(damage(path, undefined, 'the log is missing'));
    return { segments: [], judgement: nothingYet };
  }
  let reported = 0;
  const tell: Report = (finding) => {
    if (finding.severity === 'damage') reported += 1;
    report(finding);
  };
  const segments: SegmentPicture[] = [];
  try {
    for (const name of await directory.list()) {
      if (parseSegmentName(name) === undefined)
        tell(leftover(directory.pathOf(name), undefined, 'no file of a log'));
    }
    for (const inspected of await segmentsOf(fs, path)) {
      const content =
        inspected.part === 'headerless' ? undefined : await examineSegment(fs, inspected.segment);
      segments.push({ ...inspected, content });
    }
  } catch (error) {
    tell(damageOf(error, path));
  }
  const chain = segments.flatMap((picture) => (picture.part === 'chain' ? [picture] : []));
  for (const [index, { segment, content }] of chain.entries()) {
    if (content === undefined) continue;
    const { header } = segment;
    const next = chain[index + 1]?.segment.header;
    const needed = next?.base ?? Math.max(content.provenThrough, knowledge.checkpoint ?? 0);
    reportGaps(segment.path, content, needed, next === undefined, tell);
    for (const { copy, position } of content.headerFlaws) {
      // A segment gets its name before its header: a crash in between leaves a part of it.
      const flaw = content.wasServed || next !== undefined ? damage : leftover;
      tell(flaw(segment.path, position, `copy ${copy} of the header is not as it was written; the other is`));
    }
    if (next === undefined || content.gaps.some(({ offset }) => offset < next.base)) continue;
    const seam = await chainEnd(fs, segment, next.base);
    if (seam !== undefined && isSamePoint(seam, chainStart(next))) continue;
    tell(damage(segment.path, positionOf(header, next.base), 'the next segment does not continue this one'));
  }
  for (const { part, segment } of segments) {
    if (part === 'superseded') tell(leftover(segment.path, undefined, 'all it holds is in a later segment'));
    if (part === 'disconnected') tell(leftover(segment.path, undefined, 'it is older than the log'));
  }
  try {
    const judgement = await judgeLog(directory, readChunkBytes, knowledge);
    for (const file of judgement.abandoned)
      tell(leftover(file.path, undefined, 'a segment that was never finished'));
    return { segments, judgement };
  } catch (error) {
    const verdict = damageOf(error, path);
    // Most often it is one of those above, seen from elsewhere.
    if (reported === 0 || (error as WalCorruptError).offset === undefined) tell(verdict);
    return { segments, judgement: undefined };
  }
}

const logStart: ChainPoint = { offset: 0, lsn: 1, hash: new Uint8Array(hashBytes) };

/** Of a database that has not got as far as to make its log. */
const nothingYet: Judgement = {
  chain: [],
  resume: logStart,
  end: logStart,
  isTorn: false,
  dataEnd: 0,
  abandoned: [],
  superseded: [],
  disconnected: [],
  headerCopyLost: false,
  idMax: 0,
};

async function isMissing(fs: FileSystem, path: string): Promise<boolean> {
  try {
    await fs.stat(path);
    return false;
  } catch (error) {
    return isErrno(error, 'ENOENT');
  }
}

/** The data records of a log that recovery would accept, from the one at or after `fromOffset` on. */
export async function* recordsOf(
  fs: FileSystem,
  { chain, end }: Judgement,
  fromOffset: number,
): AsyncGenerator<DecodedRecord> {
  for (const [index, segment] of chain.entries()) {
    const until = chain[index + 1]?.header.base ?? end.offset;
    if (until <= fromOffset) continue;
    for await (const finding of findInSegment(fs, segment, readChunkBytes, until)) {
      if (finding.type !== 'record') return;
      const { record } = finding;
      if (record.kind === 'data' && record.offset >= fromOffset) yield record;
    }
  }
}

/** A record of the chain, and where it is. */
export interface PlacedRecord {
  readonly segment: HeadedSegment;
  /** In the file. */
  readonly position: number;
  readonly record: DecodedRecord;
}

/** Every record of every chain of a log, sound or not: as far as each segment can be followed. */
export async function* chainRecordsOf(
  fs: FileSystem,
  { segments }: LogPicture,
): AsyncGenerator<PlacedRecord> {
  const chain = segments.flatMap(({ part, segment }) =>
    part === 'chain' && 'header' in segment ? [segment] : [],
  );
  for (const [index, segment] of chain.entries()) {
    for await (const finding of findInSegment(fs, segment, readChunkBytes, chain[index + 1]?.header.base)) {
      if (finding.type !== 'record') break;
      yield { segment, position: finding.position, record: finding.record };
    }
  }
}

/** All segments; without telling which belong to the log when the headers contradict each other. */
async function segmentsOf(fs: FileSystem, path: string): Promise<InspectedSegment[]> {
  try {
    return await inspectSegments(fs, path);
  } catch {
    const { headed, headerless } = await surveySegments(new JournalDirectory(fs, path));
    return [
      ...headed.map((segment) => ({ part: 'chain', segment }) as const),
      ...headerless.map((segment) => ({ part: 'headerless', segment }) as const),
    ].toSorted((one, other) => one.segment.id - other.segment.id);
  }
}

/** What is missing below `needed` is damage; above it, what a crash has left of appends nobody was told of. */
function reportGaps(
  path: string,
  { fault, gaps }: SegmentContent,
  needed: number,
  isNewest: boolean,
  report: Report,
): void {
  for (const [index, { position, offset, bytes }] of gaps.entries()) {
    const first = index === 0 && fault !== undefined ? `${fault}; ` : '';
    if (offset < needed) report(damage(path, position, `${first}no record is intact in ${bytes} bytes`));
    else if (isNewest) report(leftover(path, position, `${bytes} bytes of what a crash has cut short`));
  }
}

/** Where the chain of a segment ends that leads to `until`; `undefined` when it does not lead there. */
async function chainEnd(
  fs: FileSystem,
  segment: HeadedSegment,
  until: number,
): Promise<ChainPoint | undefined> {
  const { end, fault } = await scanSegment(fs, segment, readChunkBytes, until);
  return fault === undefined ? end : undefined;
}
