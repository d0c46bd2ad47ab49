import { type FileHandle, isErrno, type Sites, type Watermark } from '../../ports/index.ts';
import { invariant } from '../errors.ts';
import type { AppendReceipt } from './append-queue.ts';
import type { JournalDirectory } from './directory.ts';
import { WalChangedError, WalClosedError, WalCorruptError, WalIoError, WalOffsetError } from './errors.ts';
import { FileWindow } from './file-window.ts';
import { closeFile, openFile } from './files.ts';
import type { DecodedRecord } from './record.ts';
import type { SegmentHeader } from './segment-header.ts';
import type { ListedSegment, SegmentList } from './segment-list.ts';
import { segmentName } from './segment-name.ts';
import { type ChainPoint, SegmentWalk } from './segment-walk.ts';

/** A body and its place in the log. */
export interface JournalRecord extends AppendReceipt {
  /** A view of a chunk that other records share: copy it before keeping it for long. */
  readonly body: Uint8Array;
}

/** What readers share with the journal they read from. */
export interface ReaderSource {
  readonly directory: JournalDirectory;
  readonly segments: SegmentList;
  readonly durableOffset: Watermark;
  /** What is below cannot change any more but by damage; what is above, of a log that is not open yet, can. */
  readonly provenThrough: number;
  readonly readChunkBytes: number;
  readonly sites: Sites;
  /** Called once, when the reader is closed. */
  released(reader: JournalReader): void;
}

/**
 * Reads data records in order, from a place in the log up to its durable end, and goes on as that moves:
 * across segments, and without being opened again. It never sees a record that is not durable.
 *
 * Calls on one reader must not overlap.
 */
export class JournalReader {
  readonly #source: ReaderSource;
  #open: OpenSegment | undefined;
  /** Where reading goes on; with its link to the record before once there is one. */
  #from: ChainPoint | number;
  #batch: readonly JournalRecord[] = [];
  #returned = 0;
  #position: number;
  #busy = false;
  #closed = false;

  constructor(source: ReaderSource, fromOffset: number) {
    this.#source = source;
    this.#from = fromOffset;
    this.#position = fromOffset;
  }

  /** Where reading goes on: all data records before have been returned. At the durable end, that. */
  get position(): number {
    return this.#position;
  }

  /**
   * The next record, or `undefined` at the durable end; `journal.durableOffset.reach(reader.position + 1)`
   * waits for more.
   *
   * Rejects with `WalIoError` when the disk does: the position is unchanged, and the call may be
   * repeated. With `WalCorruptError` when the log is damaged here, with `WalChangedError` when a log that is not
   * open yet is not what it was when it was judged; with `WalOffsetError` when a cleanup
   * has overtaken the reader; with `WalClosedError`.
   */
  async next(): Promise<JournalRecord | undefined> {
    if (this.#returned === this.#batch.length) await this.#fetch();
    const record = this.#batch[this.#returned];
    if (record === undefined) return undefined;
    this.#returned += 1;
    this.#position = record.endOffset;
    return record;
  }

  /** As `next`, with as many records as one read brings; none at the durable end. */
  async nextBatch(): Promise<readonly JournalRecord[]> {
    if (this.#returned === this.#batch.length) await this.#fetch();
    const batch = this.#batch.slice(this.#returned);
    this.#returned = this.#batch.length;
    this.#position = batch.at(-1)?.endOffset ?? this.#position;
    return batch;
  }

  /** Gives back what the reader holds, at once or when the call in progress ends. May be called again. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#source.released(this);
    }
    if (!this.#busy) await this.#leaveSegment();
  }

  async #fetch(): Promise<void> {
    if (this.#closed) throw new WalClosedError();
    invariant(!this.#busy, 'two calls on one reader of the log overlap');
    this.#busy = true;
    try {
      this.#batch = [];
      this.#returned = 0;
      while (this.#batch.length === 0 && this.#offset < this.#source.durableOffset.value) {
        this.#batch = await this.#read();
        if (this.#closed) throw new WalClosedError();
      }
      // What stood between here and the durable end has no body.
      if (this.#batch.length === 0) this.#position = this.#offset;
    } finally {
      this.#busy = false;
      if (this.#closed) await this.#leaveSegment();
    }
  }

  get #offset(): number {
    return typeof this.#from === 'number' ? this.#from : this.#from.offset;
  }

  /** The data records of one chunk; there may be none in it. */
  async #read(): Promise<JournalRecord[]> {
    const { segments, durableOffset } = this.#source;
    const segment = segments.find(this.#offset);
    const until = Math.min(segment.end ?? Infinity, durableOffset.value);
    const { walk, path } = await this.#enterSegment(segment);
    const records = await walk.batch(until);
    if (walk.fault !== undefined) {
      // Dropped, so that the next call looks at the file again.
      await this.#leaveSegment();
      if (records.length === 0) throw this.#fault(path, walk.offset, walk.fault);
    }
    this.#from = walk.point ?? this.#from;
    return records.filter(({ kind }) => kind === 'data').map(toJournalRecord);
  }

  #fault(path: string, offset: number, fault: string): WalCorruptError | WalChangedError {
    return offset < this.#source.provenThrough
      ? new WalCorruptError(path, offset, `there is ${fault}`)
      : new WalChangedError(path, offset, fault);
  }

  async #enterSegment({ header }: ListedSegment): Promise<OpenSegment> {
    const { directory, segments, readChunkBytes, sites } = this.#source;
    if (this.#open?.header === header && !sites.fires('wal.reopen-segment')) return this.#open;
    await this.#leaveSegment();
    const path = directory.pathOf(segmentName(header));
    let handle: FileHandle;
    try {
      handle = await openFile(directory.fs, path);
    } catch (error) {
      // A cleanup may have removed the file between the two; then the list knows by now.
      if (error instanceof WalIoError && isErrno(error.cause, 'ENOENT')) segments.find(this.#offset);
      throw error;
    }
    const walk = new SegmentWalk(new FileWindow(handle, path, readChunkBytes), header, this.#from);
    this.#open = { header, path, handle, walk };
    return this.#open;
  }

  async #leaveSegment(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) await closeFile(open.handle);
  }
}

interface OpenSegment {
  readonly header: SegmentHeader;
  readonly path: string;
  readonly handle: FileHandle;
  readonly walk: SegmentWalk;
}

export function toJournalRecord({ lsn, offset, endOffset, body }: DecodedRecord): JournalRecord {
  return { lsn, offset, endOffset, body };
}

/** Throws `WalOffsetError` unless `offset` lies between the start of the log and its durable end. */
export function checkOffset({ segments, durableOffset }: ReaderSource, offset: number): void {
  segments.find(offset);
  if (offset > durableOffset.value) {
    throw new WalOffsetError(offset, `lies beyond the durable end of the log, ${durableOffset.value}`);
  }
}
