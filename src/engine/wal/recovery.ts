import type { Ports } from '../../ports/index.ts';
import { carryRecords, paddingAfter } from './carry.ts';
import type { JournalDirectory } from './directory.ts';
import { FileWindow } from './file-window.ts';
import { withFile } from './files.ts';
import type { Judgement } from './judgement.ts';
import { disposeOf } from './leftovers.ts';
import type { ResolvedOptions } from './options.ts';
import type { SegmentHeader } from './segment-header.ts';
import { newSegment } from './segment-name.ts';
import { type ChainPoint, chainStart, SegmentWalk } from './segment-walk.ts';
import { SegmentWriter } from './segment-writer.ts';

/** A log that is ready for appends. */
export interface RecoveredLog {
  /** The segments that hold it, oldest first, the new one last. */
  readonly headers: readonly SegmentHeader[];
  /** Writes to the newest. */
  readonly writer: SegmentWriter;
  /** Where the log goes on; everything before is durable. */
  readonly tail: ChainPoint;
  /** Where the last data record ends, or where the log begins if it holds none. */
  readonly dataEnd: number;
  /** Names of files that are older than the log and may go with the next cleanup. */
  readonly disconnected: readonly string[];
}

type RecoveryPorts = Pick<Ports, 'entropy' | 'telemetry'>;

/**
 * Brings a log back to a state from which it can go on; the protocol, and why it holds, is in README.md.
 *
 * Everything was read and judged before, and up to here nothing is changed, so that whoever gets a
 * `WalCorruptError` has the evidence untouched. One new segment is made, which takes over whatever might
 * not be durable where it is. No existing file is ever written to, and none is removed before all it holds
 * is durable elsewhere.
 */
export async function recoverLog(
  ports: RecoveryPorts,
  directory: JournalDirectory,
  options: ResolvedOptions,
  judgement: Judgement,
): Promise<RecoveredLog> {
  const { telemetry } = ports;
  await directory.make();
  const { chain, resume, end, dataEnd } = judgement;
  if (judgement.headerCopyLost) telemetry.reached('wal.header-copy-lost');
  if (judgement.isTorn) telemetry.reached('wal.torn-tail-cut');
  if (end.offset > resume.offset) telemetry.reached('wal.carried-tail');

  await disposeOf(directory, judgement.abandoned, telemetry, 'wal.headerless-discarded');
  const { writer, tail } = await beginSegment(ports, directory, options, judgement);
  const older = chain.filter(({ header }) => header.base < resume.offset);
  const superseded = [...judgement.superseded, ...chain.slice(older.length)];
  await disposeOf(directory, superseded, telemetry, 'wal.superseded-removed');
  return {
    headers: [...older.map(({ header }) => header), writer.header],
    writer,
    tail,
    dataEnd,
    disconnected: judgement.disconnected.map(({ name }) => name),
  };
}

/** Makes the segment in which the log goes on, and carries into it what may not be durable where it is. */
async function beginSegment(
  { entropy }: RecoveryPorts,
  directory: JournalDirectory,
  { sectorBytes, readChunkBytes }: ResolvedOptions,
  { chain, resume, end, idMax }: Judgement,
): Promise<Pick<RecoveredLog, 'writer' | 'tail'>> {
  const newest = chain.at(-1);
  const header: SegmentHeader = {
    ...newSegment(entropy, directory.path, idMax + 1),
    sectorBytes,
    predecessor: newest?.header.base === resume.offset ? newest.header.predecessor : newest,
    base: resume.offset,
    baseLsn: resume.lsn,
    carriedThrough: end.offset + paddingAfter(end.offset - resume.offset, sectorBytes),
    previousHash: resume.hash,
  };
  if (newest === undefined || resume.offset === end.offset) {
    return { writer: await SegmentWriter.create(directory, header), tail: chainStart(header) };
  }
  return withFile(directory.fs, newest.path, async (handle) => {
    const window = new FileWindow(handle, newest.path, readChunkBytes);
    const walk = new SegmentWalk(window, newest.header, resume);
    let tail = resume;
    const writer = await SegmentWriter.create(directory, header, async (unfinished) => {
      tail = await carryRecords(walk, end.offset, unfinished);
    });
    return { writer, tail };
  });
}
