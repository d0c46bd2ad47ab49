import { type Ports, type Task, Watermark } from '../../ports/index.ts';
import { InvariantError } from '../errors.ts';
import type { KeyValueStore } from '../kv/index.ts';
import { cursorKey } from '../model/index.ts';
import {
  type Journal,
  type JournalReader,
  type JournalRecord,
  WalClosedError,
  WalIoError,
} from '../wal/index.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { Effects } from './effects.ts';
import { DatabaseClosedError, IngestStoppedError } from './errors.ts';
import { defaultIngestOptions, type IngestOptions, type ResolvedIngestOptions } from './options.ts';

export interface IngestStatus {
  /** Everything before this offset of the log is in the store. */
  readonly cursor: number;
  /** A power loss never takes the cursor back below this. */
  readonly checkpoint: number;
  /** Durable bytes of the log that are not. */
  readonly lagBytes: number;
  /** Why it has stopped; `undefined` while it runs. */
  readonly stopped: unknown;
}

/**
 * Follows the durable part of the log and brings it into the store, exactly once: what a record causes
 * and the cursor that says so are in one atomic batch. A record that cannot be ingested goes to
 * quarantine. The end of the log, damage in it, and an I/O error are three different things: it waits,
 * it stops loudly, it tries again.
 */
export class Ingestor {
  readonly #ports: Ports;
  readonly #journal: Journal;
  readonly #store: KeyValueStore;
  readonly #options: ResolvedIngestOptions;
  readonly #cursor: Watermark;
  readonly #task: Task<void>;
  #checkpoint: number;
  #closing = false;
  #stopped: unknown;

  private constructor(
    ports: Ports,
    journal: Journal,
    store: KeyValueStore,
    cursor: number,
    options: IngestOptions,
  ) {
    this.#ports = ports;
    this.#journal = journal;
    this.#store = store;
    this.#options = { ...defaultIngestOptions, ...options };
    this.#cursor = new Watermark(ports.scheduler, 'the ingest cursor', cursor);
    this.#checkpoint = cursor;
    this.#task = ports.scheduler.spawn('ingest', () => this.#run());
  }

  /** The cursor that `store` holds; 0 when it never ingested anything. */
  static async readCursor(store: KeyValueStore): Promise<number> {
    const value = await store.get(cursorKey);
    return value === undefined ? 0 : decodeCursor(value);
  }

  /** Starts where the cursor in `store` stands. */
  static async start(
    ports: Ports,
    journal: Journal,
    store: KeyValueStore,
    options: IngestOptions,
  ): Promise<Ingestor> {
    return new Ingestor(ports, journal, store, await Ingestor.readCursor(store), options);
  }

  get status(): IngestStatus {
    const cursor = this.#cursor.value;
    return {
      cursor,
      checkpoint: this.#checkpoint,
      lagBytes: Math.max(0, this.#journal.durableOffset.value - cursor),
      stopped: this.#stopped,
    };
  }

  /** Resolves once the store holds everything before `offset`. Rejects when ingest stops before that. */
  async waitUntilOffset(offset: number): Promise<void> {
    await this.#cursor.reach(offset);
  }

  /** Ends after the batch in progress. The journal must be closed first: it wakes whoever waits for more. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#task.join();
  }

  async #run(): Promise<void> {
    let reader: JournalReader | undefined;
    try {
      reader = this.#journal.reader(this.#cursor.value);
      while (!this.#closing) {
        const records = await this.#read(reader);
        for (const batch of batchesOf(records, this.#options.batchBytesMax)) await this.#ingest(batch);
        if (records.length === 0) await this.#journal.durableOffset.reach(this.#cursor.value + 1);
      }
      this.#cursor.fail(new DatabaseClosedError());
    } catch (error) {
      this.#stop(error);
    } finally {
      await reader?.close();
    }
  }

  #stop(error: unknown): void {
    if (error instanceof WalClosedError) {
      this.#cursor.fail(new DatabaseClosedError());
      return;
    }
    this.#stopped = error;
    this.#ports.telemetry.reached('ingest.stopped');
    this.#ports.telemetry.log('error', 'ingest.stopped', {
      reason: error instanceof Error ? error.message : String(error),
    });
    this.#cursor.fail(new IngestStoppedError(error));
    if (error instanceof InvariantError) throw error;
  }

  /** Records from the cursor on; none at the durable end. Waits and reads again while the disk fails. */
  async #read(reader: JournalReader): Promise<readonly JournalRecord[]> {
    const { retryMs, retryMsMax } = this.#options;
    for (let waitMs = retryMs; ; waitMs = Math.min(2 * waitMs, retryMsMax)) {
      try {
        return await reader.nextBatch();
      } catch (error) {
        if (!(error instanceof WalIoError) || this.#closing) throw error;
        this.#ports.telemetry.reached('ingest.read-retried');
        this.#ports.telemetry.log('warn', 'ingest.read-retried', { reason: error.message, waitMs });
        await this.#ports.clock.sleep(waitMs);
      }
    }
  }

  async #ingest(records: readonly JournalRecord[]): Promise<void> {
    const { signatures, telemetry } = this.#ports;
    const effects = new Effects(this.#store, signatures);
    let end = this.#cursor.value;
    for (const record of records) {
      const ingested = await effects.add(record);
      if (ingested === 'duplicate') telemetry.reached('ingest.duplicate-skipped');
      if (ingested === 'quarantined') telemetry.reached('ingest.quarantined');
      end = record.endOffset;
    }
    const { operations } = effects;
    operations.push({ type: 'put', key: cursorKey, value: encodeCursor(end) });
    const checkpoint = end - this.#checkpoint >= this.#options.checkpointBytes;
    await this.#store.batch(operations, { sync: checkpoint });
    this.#cursor.advance(end);
    telemetry.measure('ingest.batch-records', records.length);
    if (checkpoint) await this.#releaseLog(end);
  }

  /** Gives the log below the durable cursor back. What cannot be removed now is removed next time. */
  async #releaseLog(cursor: number): Promise<void> {
    this.#checkpoint = cursor;
    try {
      await this.#journal.cleanup(cursor);
    } catch (error) {
      if (!(error instanceof WalIoError)) throw error;
      this.#ports.telemetry.reached('ingest.log-not-released');
      this.#ports.telemetry.log('warn', 'ingest.log-not-released', { reason: error.message });
    }
  }
}

/** Consecutive records of at most `bytesMax` of log together; one record may be larger. */
function* batchesOf(
  records: readonly JournalRecord[],
  bytesMax: number,
): Generator<readonly JournalRecord[]> {
  let first = 0;
  for (const [index, { endOffset }] of records.entries()) {
    const begin = records[first]?.offset ?? 0;
    if (index > first && endOffset - begin > bytesMax) {
      yield records.slice(first, index);
      first = index;
    }
  }
  if (first < records.length) yield records.slice(first);
}
