import { Mutex, type Ports, type Watermark } from '../../ports/index.ts';
import type { AppendReceipt } from './append-queue.ts';
import { Cleaner } from './cleanup.ts';
import { Committer } from './committer.ts';
import type { JournalDirectory } from './directory.ts';
import { WalClosedError, WalCorruptError, WalOffsetError } from './errors.ts';
import { FileWindow } from './file-window.ts';
import { withFile } from './files.ts';
import { loadFrame } from './frame.ts';
import { JudgedLog } from './judged-log.ts';
import { openAgainWhileChanging } from './open-again.ts';
import type { JournalOptions, ResolvedOptions } from './options.ts';
import {
  checkOffset,
  JournalReader,
  type JournalRecord,
  type ReaderSource,
  toJournalRecord,
} from './reader.ts';
import { decodeRecord } from './record.ts';
import type { JournalKnowledge } from './judgement.ts';
import { type RecoveredLog, recoverLog } from './recovery.ts';
import { positionOf } from './segment-header.ts';
import { SegmentList } from './segment-list.ts';
import { segmentName } from './segment-name.ts';

/** What a journal needs of the world. */
export type JournalPorts = Pick<Ports, 'clock' | 'entropy' | 'fs' | 'scheduler' | 'sites' | 'telemetry'>;

export interface AppendOptions {
  /**
   * `true`, the default: durable when the append resolves. `false`: written then, so that it survives
   * the end of the process and not a power loss; it becomes durable with the next append that syncs.
   */
  readonly sync?: boolean;
}

/**
 * A log of opaque bodies in segment files: appended in order, made durable in groups, read while it
 * grows, cut off at the front. See README.md for the format and for what survives what.
 *
 * Offsets count bytes from the beginning of the log, over all segments, those removed included; they
 * stay what they are for ever. Only one journal may be open on a directory at a time; to see to that is
 * the caller's part.
 */
export class Journal {
  readonly #ports: JournalPorts;
  readonly #source: ReaderSource;
  readonly #committer: Committer;
  readonly #cleaner: Cleaner;
  readonly #cleaning: Mutex;
  readonly #readers = new Set<JournalReader>();

  private constructor(
    ports: JournalPorts,
    directory: JournalDirectory,
    options: ResolvedOptions,
    log: RecoveredLog,
  ) {
    this.#ports = ports;
    const segments = new SegmentList(log.headers);
    this.#committer = new Committer(ports, directory, options, segments, log);
    this.#cleaner = new Cleaner(directory, segments, log.disconnected);
    this.#cleaning = new Mutex(ports.scheduler, 'wal cleanup');
    this.#source = {
      directory,
      segments,
      durableOffset: this.#committer.durableOffset,
      provenThrough: Infinity,
      readChunkBytes: options.readChunkBytes,
      sites: ports.sites,
      released: (reader) => this.#readers.delete(reader),
    };
  }

  /**
   * Opens the log in `directory`, an absolute path, after recovering it; makes the directory if there is
   * none. When it resolves, every record that is now in the log is durable and will stay in it, also
   * those whose append had failed or was still in progress when the process ended.
   *
   * Rejects with `WalCorruptError` or `WalVersionError` when the log must not be used, having changed
   * nothing; with `WalIoError` when the disk fails, and then it may be tried again; with
   * `WalOptionsError`.
   */
  static async open(
    ports: JournalPorts,
    directory: string,
    options: JournalOptions = {},
    knowledge: JournalKnowledge = {},
  ): Promise<Journal> {
    return openAgainWhileChanging(ports.telemetry, async () =>
      Journal.openJudged(await Journal.judge(ports, directory, options, knowledge)),
    );
  }

  /**
   * The first half of `open`: reads the log in `directory` and rejects as `open` does, and changes nothing
   * in any case. For a caller who has to look into the log before it may be touched.
   */
  static async judge(
    ports: JournalPorts,
    directory: string,
    options: JournalOptions = {},
    knowledge: JournalKnowledge = {},
  ): Promise<JudgedLog> {
    return JudgedLog.of(ports, directory, options, knowledge);
  }

  /** The second half of `open`; rejects with `WalIoError`, and with `WalChangedError`. */
  static async openJudged({ ports, directory, options, judgement }: JudgedLog): Promise<Journal> {
    return new Journal(ports, directory, options, await recoverLog(ports, directory, options, judgement));
  }

  /** The lowest offset that can still be read. */
  get firstOffset(): number {
    return this.#source.segments.firstOffset;
  }

  /**
   * Where the last durable data record ends, to look at and to wait for. Waiting for more ends with
   * `WalPoisonedError` or `WalClosedError` when there will be no more.
   */
  get durableOffset(): Watermark {
    return this.#committer.durableOffset;
  }

  /** Where the next record will stand, whatever its kind. */
  get tailOffset(): number {
    return this.#committer.tailOffset;
  }

  /** Files that the log consists of at the moment. */
  get segmentCount(): number {
    return this.#source.segments.count;
  }

  /**
   * Appends a body, which must not be changed before this settles. Appends are in the log in the order
   * of the calls, also those with `sync: false` among the others.
   *
   * Rejects with `WalPoisonedError` when the disk fails, which also ends the journal: if it is
   * `indeterminate`, the record may be found after the next recovery or not. With `WalBusyError`,
   * `WalBodyError` or `WalClosedError` nothing was appended.
   */
  append(body: Uint8Array, { sync = true }: AppendOptions = {}): Promise<AppendReceipt> {
    return this.#committer.append(body, sync);
  }

  /** Resolves when everything appended before is durable. Rejects as `append` does. */
  sync(): Promise<void> {
    return this.#committer.sync();
  }

  /** Resolves when `append` is not refused as busy. */
  room(): Promise<void> {
    return this.#committer.room();
  }

  /**
   * A reader of all data records from `fromOffset` on: the start of the log, or the `endOffset` of a
   * record. Throws `WalOffsetError` outside of `firstOffset` to `durableOffset`. Close it after use.
   */
  reader(fromOffset: number): JournalReader {
    this.#refuseIfClosed();
    checkOffset(this.#source, fromOffset);
    const reader = new JournalReader(this.#source, fromOffset);
    this.#readers.add(reader);
    return reader;
  }

  /** The durable data record at `offset`. Rejects as a reader does. */
  async read(offset: number): Promise<JournalRecord> {
    this.#refuseIfClosed();
    const { directory, segments, durableOffset } = this.#source;
    checkOffset(this.#source, offset);
    if (offset === durableOffset.value) throw new WalOffsetError(offset, 'is the durable end of the log');
    const { header, end = Infinity } = segments.find(offset);
    const path = directory.pathOf(segmentName(header));
    const position = positionOf(header, offset);
    const limit = positionOf(header, Math.min(end, durableOffset.value));
    const frame = await withFile(directory.fs, path, (handle) =>
      loadFrame(new FileWindow(handle, path, randomReadBytes), position, limit),
    );
    const record = typeof frame === 'string' ? frame : decodeRecord(frame, header.nonce);
    if (typeof record === 'string') throw new WalCorruptError(path, offset, `there is ${record}`);
    if (record.offset !== offset || record.kind !== 'data') {
      throw new WalOffsetError(offset, 'is not where a record with a body begins');
    }
    return toJournalRecord(record);
  }

  /**
   * Removes the segments that lie wholly below `belowOffset`, oldest first, never the newest; resolves
   * with their number. A power loss may bring some back, in any order: they are no part of the log then, and
   * the next recovery or cleanup removes them again. The caller must not need anything below any more,
   * after a power loss at any moment: whatever its cursor stands for is durable.
   *
   * Rejects with `WalIoError`; the log is in order also then, and a later call or recovery goes on.
   */
  async cleanup(belowOffset: number): Promise<number> {
    this.#refuseIfClosed();
    const { durableOffset } = this.#source;
    if (belowOffset > durableOffset.value) {
      throw new WalOffsetError(belowOffset, `lies beyond the durable end of the log, ${durableOffset.value}`);
    }
    const removed = await this.#cleaning.withLock(() => this.#cleaner.removeBelow(belowOffset));
    if (removed > 0) this.#ports.telemetry.reached('wal.cleaned-up');
    return removed;
  }

  /**
   * Ends the journal: what was appended before becomes durable, readers and files are closed, and later
   * calls reject with `WalClosedError`. Rejects with `WalPoisonedError` when the log could not be
   * written to its end, now or earlier; everything is closed also then.
   */
  async close(): Promise<void> {
    try {
      await this.#committer.close();
    } finally {
      for (const reader of this.#readers) await reader.close();
    }
  }

  #refuseIfClosed(): void {
    if (this.#committer.closed) throw new WalClosedError();
  }
}

/** Enough for a small record at once, and not much more than that. */
const randomReadBytes = 4096;
