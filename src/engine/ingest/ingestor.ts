import { Channel, type Ports, type Task, Watermark } from '../../ports/index.ts';
import { InvariantError } from '../errors.ts';
import type { KeyValueReader, KeyValueStore, Operation } from '../kv/index.ts';
import { cursorKey, type IdentityOf } from '../model/index.ts';
import { retryWhileDiskFails } from '../retry.ts';
import {
  type Journal,
  type JournalReader,
  type JournalRecord,
  WalClosedError,
  WalIoError,
} from '../wal/index.ts';
import { type Chunk, chunksOf } from './chunk.ts';
import { decodeLogOffset, encodeLogOffset } from '../log-offset.ts';
import { Effects, type Ingested } from './effects.ts';
import { DatabaseClosedError, IngestStoppedError } from './errors.ts';
import { judge, type Judged } from './judge.ts';
import { type IngestOptions, ingestOptionsOf, type ResolvedIngestOptions } from './options.ts';

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
 *
 *     log -> reader -> chunk -> workers, beside each other: decode, verify
 *                        └----> applier, in the order of the log: effects, cursor, batch
 */
export class Ingestor {
  readonly #ports: Ports;
  readonly #journal: Journal;
  readonly #store: KeyValueStore;
  readonly #options: ResolvedIngestOptions;
  readonly #cursor: Watermark;
  /** To be judged by whoever is free. */
  readonly #work: Channel<Chunk>;
  /** The same chunks, to be applied in this order. */
  readonly #order: Channel<Chunk>;
  readonly #tasks: readonly Task<void>[];
  #checkpoint: number;
  #ended = false;
  #stopped: unknown;

  private constructor(
    ports: Ports,
    journal: Journal,
    store: KeyValueStore,
    cursor: number,
    options: ResolvedIngestOptions,
  ) {
    this.#ports = ports;
    this.#journal = journal;
    this.#store = store;
    this.#options = options;
    const { scheduler } = ports;
    this.#cursor = new Watermark(scheduler, 'the ingest cursor', cursor);
    this.#checkpoint = cursor;
    this.#work = new Channel(scheduler, 'records to verify', options.workers);
    this.#order = new Channel(scheduler, 'records to apply', 2 * options.workers);
    const start = (name: string, role: () => Promise<void>): Task<void> =>
      scheduler.spawn(name, () => this.#play(role));
    this.#tasks = [
      start('ingest', () => this.#follow()),
      ...Array.from({ length: options.workers }, (_, index) =>
        start(`ingest-worker-${index + 1}`, () => this.#judgeChunks()),
      ),
      start('ingest-apply', () => this.#applyChunks()),
    ];
  }

  /** The cursor that `store` holds; 0 when it never ingested anything. */
  static async readCursor(store: Pick<KeyValueReader, 'get'>): Promise<number> {
    const value = await store.get(cursorKey);
    return value === undefined ? 0 : decodeLogOffset(value);
  }

  /**
   * Starts where the cursor in `store` stands. With `marksViews` each batch also marks the views that it
   * leaves behind. Throws `RangeError` for options that cannot work.
   */
  static async start(
    ports: Ports,
    journal: Journal,
    store: KeyValueStore,
    options: IngestOptions & { readonly identityOf?: IdentityOf },
  ): Promise<Ingestor> {
    const cursor = await Ingestor.readCursor(store);
    return new Ingestor(ports, journal, store, cursor, ingestOptionsOf(options));
  }

  get status(): IngestStatus {
    return {
      cursor: this.#cursor.value,
      checkpoint: this.#checkpoint,
      lagBytes: this.#lagBytes,
      stopped: this.#stopped,
    };
  }

  /** Resolves once the store holds everything before `offset`. Rejects when ingest stops before that. */
  async waitUntilOffset(offset: number): Promise<void> {
    await this.#cursor.reach(offset);
  }

  /** Ends after the batch in progress. The journal must be closed first: it wakes whoever waits for more. */
  async close(): Promise<void> {
    this.#end(new DatabaseClosedError());
    const endings = await Promise.allSettled(this.#tasks.map((task) => task.join()));
    for (const ending of endings) if (ending.status === 'rejected') throw ending.reason;
  }

  get #lagBytes(): number {
    return Math.max(0, this.#journal.durableOffset.value - this.#cursor.value);
  }

  /** Whatever role fails ends all of them. */
  async #play(role: () => Promise<void>): Promise<void> {
    try {
      await role();
    } catch (error) {
      this.#stop(error);
    }
  }

  #stop(error: unknown): void {
    if (error instanceof WalClosedError) {
      this.#end(new DatabaseClosedError());
      return;
    }
    if (!this.#ended) {
      this.#stopped = error;
      this.#ports.telemetry.reached('ingest.stopped');
      this.#ports.telemetry.log('error', 'ingest.stopped', {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
    this.#end(new IngestStoppedError(error));
    if (error instanceof InvariantError) throw error;
  }

  #end(error: Error): void {
    this.#ended = true;
    this.#work.close();
    this.#order.close();
    this.#cursor.fail(error);
  }

  /** Cuts what becomes durable into chunks and hands them out. */
  async #follow(): Promise<void> {
    const reader = this.#journal.reader(this.#cursor.value);
    const { sites } = this.#ports;
    const { batchRecordsMax: recordsMax, batchBytesMax: bytesMax } = this.#options;
    try {
      while (!this.#ended) {
        const records = await this.#read(reader);
        const isSmall = sites.fires('ingest.chunk-of-one');
        for (const chunk of chunksOf(records, { recordsMax: isSmall ? 1 : recordsMax, bytesMax })) {
          if (!(await this.#order.send(chunk))) return;
          if (!(await this.#work.send(chunk))) {
            // It is in order already, and the applier may be waiting for the verdict.
            chunk.fail(new DatabaseClosedError());
            return;
          }
        }
        if (records.length === 0) await this.#journal.durableOffset.reach(reader.position + 1);
      }
    } finally {
      await reader.close();
    }
  }

  /** Records from the reader's position on; none at the durable end. */
  async #read(reader: JournalReader): Promise<readonly JournalRecord[]> {
    return this.#retry('ingest.read-retried', () => reader.nextBatch());
  }

  #retry<T>(marker: string, work: () => Promise<T>): Promise<T> {
    return retryWhileDiskFails(this.#ports, this.#options, marker, () => this.#ended, work);
  }

  async #judgeChunks(): Promise<void> {
    const { signatures } = this.#ports;
    const { identityOf } = this.#options;
    for (let chunk = await this.#work.receive(); chunk !== undefined; chunk = await this.#work.receive()) {
      try {
        chunk.finish(await Promise.all(chunk.records.map(({ body }) => judge(body, signatures, identityOf))));
      } catch (error) {
        // The applier hears of it where it is in the order.
        chunk.fail(error);
      }
    }
  }

  async #applyChunks(): Promise<void> {
    const { scheduler, sites } = this.#ports;
    for (let chunk = await this.#order.receive(); chunk !== undefined; chunk = await this.#order.receive()) {
      const judged = await chunk.judged(scheduler);
      if (sites.fires('ingest.dawdle-before-apply')) await scheduler.yield();
      if (this.#ended) return;
      await this.#apply(chunk.records, judged);
    }
  }

  async #apply(records: readonly JournalRecord[], judged: readonly Judged[]): Promise<void> {
    const { sites, telemetry } = this.#ports;
    const end = records.at(-1)?.endOffset ?? this.#cursor.value;
    const isDue = end - this.#checkpoint >= this.#options.checkpointBytes;
    const checkpoint = isDue || sites.fires('ingest.checkpoint-early');
    const ingested = await this.#retry('ingest.store-retried', () =>
      this.#writeBatch(records, judged, end, checkpoint),
    );
    for (const what of ingested) {
      if (what === 'duplicate') telemetry.reached('ingest.duplicate-skipped');
      if (what === 'quarantined') telemetry.reached('ingest.quarantined');
    }
    telemetry.measure('ingest.lag-bytes', this.#lagBytes);
    this.#cursor.advance(end);
    telemetry.measure('ingest.batch-records', records.length);
    if (checkpoint) await this.#releaseLog(end);
  }

  /** Effects and cursor in one batch, all or none. */
  async #writeBatch(
    records: readonly JournalRecord[],
    judged: readonly Judged[],
    end: number,
    checkpoint: boolean,
  ): Promise<readonly Ingested[]> {
    if (this.#ports.sites.fires('ingest.look-twice')) await this.#effectsOf(records, judged);
    const { operations, ingested } = await this.#effectsOf(records, judged);
    operations.push({ type: 'put', key: cursorKey, value: encodeLogOffset(end) });
    await this.#store.batch(operations, { sync: checkpoint });
    return ingested;
  }

  /** What the records cause, and nothing of it done yet. */
  async #effectsOf(
    records: readonly JournalRecord[],
    judged: readonly Judged[],
  ): Promise<{ readonly operations: Operation[]; readonly ingested: readonly Ingested[] }> {
    const effects = new Effects(this.#store);
    const ingested: Ingested[] = [];
    for (const [index, record] of records.entries()) ingested.push(await effects.add(record, judged[index]!));
    return { operations: effects.operations, ingested };
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
