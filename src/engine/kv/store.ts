import type { Ports } from '../../ports/index.ts';
import { batchOf, swapOf } from './batch.ts';
import { BlockCache } from './block-cache.ts';
import { StoreDirectory } from './files.ts';
import { Health } from './health.ts';
import type {
  Entry,
  KeyValueStore,
  Operation,
  ScanOptions,
  Snapshot,
  WriteOptions,
} from './key-value-store.ts';
import { judgeJournalLog } from './journal-log.ts';
import { logRecordHeaderBytes } from './log-record.ts';
import { Maintenance } from './maintenance.ts';
import { logDirectoryName } from './names.ts';
import { type HybridStoreOptions, sizesOf, type StoreSizes } from './options.ts';
import { scanView, valueOf } from './read-view.ts';
import { recover, type StoreReview } from './recovery.ts';
import type { RunContext, RunReader } from './run-reader.ts';
import { StoreSnapshot } from './snapshot.ts';
import type { JudgeStoreLog, StoreLog } from './store-log.ts';
import { Tables } from './tables.ts';
import { WritePath } from './write-path.ts';

/** What a store needs of the world. */
export type StorePorts = Pick<Ports, 'clock' | 'entropy' | 'fs' | 'scheduler' | 'sites' | 'telemetry'>;

export interface StoreStats {
  readonly runs: number;
  /** Files of runs, in bytes. */
  readonly runBytes: number;
  /** Runs whose handle is open: also those that only snapshots still need. */
  readonly openRuns: number;
  /** Tombstones included; without the sealed table. */
  readonly memtableEntries: number;
  /** Estimated; without the sealed table. */
  readonly memtableBytes: number;
  /** Indexes of the open runs, in memory. */
  readonly indexBytes: number;
  /** Blocks in memory. */
  readonly cachedBytes: number;
  /** Blocks that were wanted since it was opened, other than for a merge: in memory, and not. */
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly manifestNumber: number;
  /** Where the log ends whose batches can be read. */
  readonly logOffset: number;
  /** Through which offset the log is durable. */
  readonly logDurableOffset: number;
}

interface Parts {
  readonly health: Health;
  readonly tables: Tables;
  readonly maintenance: Maintenance;
  readonly writes: WritePath;
  readonly log: StoreLog;
  readonly context: RunContext;
  readonly batchBytesMax: number;
}

/**
 * A crash-safe ordered key-value store: a memory table, sorted runs, and a log of what is not in a run.
 *
 * At most one may be open on a directory. It holds a handle for each run (no more than twice `runsMax`),
 * for each run that was merged away and is still being read, and those of its log.
 */
export class HybridStore implements KeyValueStore {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Opens the store in `directory`, an absolute path, or makes one there. Everything that can be read
   * afterwards is durable.
   *
   * Rejects with `StoreCorruptError`, `StoreVersionError`, `WalCorruptError`, or what `review` rejects with,
   * having changed nothing in the files of the store and of its log; with `StoreIoError` or `WalIoError`,
   * and then it may be tried again; with `RangeError` for an option out of bounds. Without `judgeLog` the
   * log is a journal in the directory `log`.
   */
  static async open(
    ports: StorePorts,
    directory: string,
    options: HybridStoreOptions = {},
    judgeLog: JudgeStoreLog = journalOf(ports, directory, sizesOf(options)),
    review?: StoreReview,
  ): Promise<HybridStore> {
    const { scheduler, sites, entropy, telemetry } = ports;
    const sizes = sizesOf(options);
    const context: RunContext = {
      directory: new StoreDirectory(ports.fs, directory),
      cache: new BlockCache(sizes.blockCacheBytes),
      scheduler,
      sites,
      openRuns: new Set(),
    };
    const recovered = await recover({ entropy, telemetry, context, judgeLog, review });
    const { log, manifest } = recovered;
    const health = new Health(telemetry);
    const onUnused = (run: RunReader): void => maintenance.discard(run);
    const tables = new Tables(recovered, onUnused);
    const maintenance = new Maintenance(
      { scheduler, sites, entropy, telemetry, sizes, context, tables, log, health },
      manifest,
    );
    const { storeId, logOffset } = manifest;
    const writes = new WritePath(
      { scheduler, sites, telemetry, sizes, storeId, tables, log, health, maintenance },
      logOffset,
    );
    // Recovery may have found more runs than there should be.
    maintenance.wake();
    const { batchBytesMax } = sizes;
    return new HybridStore({ health, tables, maintenance, writes, log, context, batchBytesMax });
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#parts.health.assertOpen();
    const found = this.#parts.tables.lookup(key);
    return valueOf(found instanceof Promise ? await found : found);
  }

  scan(options: ScanOptions = {}): AsyncIterableIterator<Entry> {
    const { health, tables } = this.#parts;
    return scanView(
      () => tables.view(),
      options,
      () => health.assertOpen(),
    );
  }

  snapshot(): Snapshot {
    this.#parts.health.assertOpen();
    return new StoreSnapshot(this.#parts.tables.view(), this.#parts.health);
  }

  async batch(operations: readonly Operation[], options: WriteOptions = {}): Promise<void> {
    const { batchBytesMax, writes } = this.#parts;
    await writes.submit(batchOf(operations, batchBytesMax), options.sync ?? false);
  }

  async compareAndSwap(
    key: Uint8Array,
    expected: Uint8Array | undefined,
    next: Uint8Array | undefined,
    options: WriteOptions = {},
  ): Promise<boolean> {
    const { batchBytesMax, writes } = this.#parts;
    return writes.submit(swapOf(key, expected, next, batchBytesMax), options.sync ?? false);
  }

  /** Resolves once every batch applied so far is in a durable run, so that the log before can go. */
  async flush(): Promise<void> {
    const { maintenance, writes } = this.#parts;
    await maintenance.flushed(await writes.seal());
  }

  /** Flushes, and merges all runs into one without tombstones. Needs the space of both for a while. */
  async compact(): Promise<void> {
    await this.flush();
    await this.#parts.maintenance.compact();
  }

  stats(): StoreStats {
    const { context, log, maintenance, tables } = this.#parts;
    return {
      runs: tables.runs.length,
      runBytes: tables.runs.reduce((sum, run) => sum + run.descriptor.size, 0),
      openRuns: context.openRuns.size,
      memtableEntries: tables.memtable.entries,
      memtableBytes: tables.memtable.bytes,
      indexBytes: [...context.openRuns].reduce((sum, run) => sum + run.indexBytes, 0),
      cachedBytes: context.cache.bytes,
      cacheHits: context.cache.hits,
      cacheMisses: context.cache.misses,
      manifestNumber: maintenance.manifestNumber,
      logOffset: tables.logOffset,
      logDurableOffset: log.durableOffset,
    };
  }

  /**
   * Ends the store: later calls, and reads through snapshots, reject with `StoreClosedError`. Batches that
   * were submitted before are finished, and everything applied is durable when this resolves, unless the
   * store is poisoned. Every handle is given back, also when this rejects. May be called again.
   */
  async close(): Promise<void> {
    const { context, health, maintenance, writes } = this.#parts;
    if (health.isClosed) return;
    health.close();
    await writes.idle();
    await maintenance.stop();
    const outcomes = await Promise.allSettled([
      ...[...context.openRuns].map((run) => run.close()),
      this.#closeLog(),
    ]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** Closing the log also makes durable what was written without `sync`. */
  async #closeLog(): Promise<void> {
    const { health, log } = this.#parts;
    try {
      await log.close();
    } catch (error) {
      // A log that failed says so once more; whoever wrote has heard it.
      if (!health.isPoisoned) throw error;
    }
  }
}

/** The store's own log, in a directory of its own. */
function journalOf(ports: StorePorts, directory: string, sizes: StoreSizes): JudgeStoreLog {
  const options = {
    segmentBytes: sizes.logSegmentBytes,
    idleWatermarkMs: sizes.logIdleMs,
    bodyBytesMax: Math.max(sizes.batchBytesMax, sizes.groupBytesMax) + logRecordHeaderBytes,
  };
  return (neededFrom) => judgeJournalLog(ports, `${directory}/${logDirectoryName}`, options, neededFrom);
}
