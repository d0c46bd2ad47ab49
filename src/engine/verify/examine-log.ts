import { type FileSystem, isErrno } from '../../ports/index.ts';
import { JournalDirectory } from '../wal/directory.ts';
import { hashBytes } from '../wal/envelope.ts';
import { inspectSegments } from '../wal/inspect.ts';
import { type Judgement, type JournalKnowledge, judgeLog } from '../wal/judgement.ts';
import { isSamePoint, scanSegment } from '../wal/scan.ts';
import { positionOf } from '../wal/segment-header.ts';
import { parseSegmentName } from '../wal/segment-name.ts';
import { type ChainPoint, chainStart } from '../wal/segment-walk.ts';
import { type HeadedSegment, type SegmentFile, surveySegments } from '../wal/survey.ts';
import { examineSegment, readChunkBytes, type SegmentContent } from './examine-segment.ts';
import { damage, damageOf, leftover, type Report } from './finding.ts';

/** A segment, the part it plays, and what is in it; without a header nobody can tell. */
export type SegmentPicture =
  | {
      readonly part: 'chain' | 'superseded' | 'disconnected';
      readonly segment: HeadedSegment;
      readonly content: SegmentContent;
    }
  | { readonly part: 'headerless'; readonly segment: SegmentFile };

/** A segment of the log itself. */
type ChainPicture = Extract<SegmentPicture, { readonly content: SegmentContent }>;

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
  if (await isMissing(fs, path)) {
    if ((knowledge.checkpoint ?? 0) > 0) report(damage(path, undefined, 'the log is missing'));
    return { segments: [], judgement: nothingYet };
  }
  const blamed = new Set<string>();
  const tell: Report = (finding) => {
    if (finding.severity === 'damage') blamed.add(finding.path);
    report(finding);
  };
  const segments: SegmentPicture[] = [];
  try {
    for await (const segment of picturesOf(fs, path, tell)) segments.push(segment);
    const chain = segments.flatMap((picture) => (picture.part === 'chain' ? [picture] : []));
    for (const [index, picture] of chain.entries()) {
      await examinePlace(fs, picture, chain[index + 1]?.segment, knowledge, tell);
    }
  } catch (error) {
    tell(damageOf(error, path));
  }
  try {
    const judgement = await judgeLog(new JournalDirectory(fs, path), readChunkBytes, knowledge);
    const { abandoned, superseded, disconnected } = judgement;
    for (const file of abandoned) tell(leftover(file.path, undefined, 'a segment that was never finished'));
    for (const file of superseded) tell(leftover(file.path, undefined, 'all it holds is in a later segment'));
    for (const file of disconnected) tell(leftover(file.path, undefined, 'it is older than the log'));
    return { segments, judgement };
  } catch (error) {
    // The one reason for which recovery would refuse: most often one of those above, seen from elsewhere.
    const verdict = damageOf(error, path);
    if (blamed.size === 0 || !(blamed.has(verdict.path) || verdict.path === path)) tell(verdict);
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

/** Every segment with all that is in it, oldest first. */
async function* picturesOf(fs: FileSystem, path: string, report: Report): AsyncGenerator<SegmentPicture> {
  const directory = new JournalDirectory(fs, path);
  for (const name of await directory.list()) {
    if (parseSegmentName(name) !== undefined) continue;
    report(leftover(directory.pathOf(name), undefined, 'no file of a log'));
  }
  for (const inspected of await segmentsOf(directory)) {
    if (inspected.part === 'headerless') yield inspected;
    else yield { ...inspected, content: await examineSegment(fs, inspected.segment) };
  }
}

/** When the headers contradict each other, nobody can tell which belong to the log: then all of them do. */
async function segmentsOf(directory: JournalDirectory): ReturnType<typeof inspectSegments> {
  try {
    return await inspectSegments(directory.fs, directory.path);
  } catch {
    // Why not is what judging the log will say.
    const { headed, headerless } = await surveySegments(directory);
    return [
      ...headed.map((segment) => ({ part: 'chain', segment }) as const),
      ...headerless.map((segment) => ({ part: 'headerless', segment }) as const),
    ].toSorted((one, other) => one.segment.id - other.segment.id);
  }
}

/** Checks a segment of the log against the one that follows, or against what must be there if it is the newest. */
async function examinePlace(
  fs: FileSystem,
  { segment, content }: ChainPicture,
  next: HeadedSegment | undefined,
  { checkpoint = 0 }: JournalKnowledge,
  report: Report,
): Promise<void> {
  const { path, header } = segment;
  for (const { copy, position } of content.headerFlaws) {
    // A segment gets its name before its header: a crash in between leaves a part of it.
    const severity = content.wasServed || next !== undefined ? damage : leftover;
    report(severity(path, position, `copy ${copy} of the header is not as it was written, the other one is`));
  }
  const needed = next?.header.base ?? Math.max(content.provenThrough, checkpoint);
  for (const [index, { position, offset, bytes }] of content.gaps.entries()) {
    const why = index === 0 && content.fault !== undefined ? ` (${content.fault})` : '';
    if (offset < needed) report(damage(path, position, `${bytes} bytes hold no intact record${why}`));
    else if (next === undefined)
      report(leftover(path, position, `${bytes} bytes of what a crash has cut short`));
  }
  if (next === undefined || content.gaps.some(({ offset }) => offset < needed)) return;
  const { end, fault } = await scanSegment(fs, segment, readChunkBytes, needed);
  if (fault === undefined && isSamePoint(end, chainStart(next.header))) return;
  report(damage(path, positionOf(header, needed), 'the next segment does not continue this one'));
}
