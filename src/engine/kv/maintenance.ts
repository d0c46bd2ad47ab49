import {
  type Entropy,
  type Scheduler,
  type Sites,
  type Task,
  type Telemetry,
  Watermark,
} from '../../ports/index.ts';
import { isCompact, runsToMerge } from './compaction.ts';
import type { Cursor } from './cursor.ts';
import { StoreClosedError } from './errors.ts';
import type { Health } from './health.ts';
import type { Manifest } from './manifest.ts';
import { tryToRemove } from './leftovers.ts';
import { writeManifest } from './manifest-files.ts';
import { MergeCursor } from './merge-cursor.ts';
import { manifestName, runName } from './names.ts';
import type { StoreSizes } from './options.ts';
import { nonceBytes } from './run-format.ts';
import { type RunContext, RunReader } from './run-reader.ts';
import { writeRun } from './run-writer.ts';
import type { StoreLog } from './store-log.ts';
import type { SealedTable, Tables } from './tables.ts';

export interface MaintenanceParts {
  readonly scheduler: Scheduler;
  readonly sites: Sites;
  readonly entropy: Entropy;
  readonly telemetry: Telemetry;
  readonly sizes: StoreSizes;
  readonly context: RunContext;
  readonly tables: Tables;
  readonly log: StoreLog;
  readonly health: Health;
}

/**
 * The work behind the writes: sealed tables become runs, runs are merged, files that nobody needs go. One
 * task does one job at a time, and is there only while there is a job. A job that fails poisons the store.
 *
 * Each job that changes what is on the disk goes the same way, and so can be cut off at any point:
 *
 *     run durable -> manifest that names it durable -> readers see it -> old manifest, log, old runs go
 *
 * What goes last is not synced: should a power loss bring an old manifest back, there is a newer one, which
 * counts; an old run that comes back is named by nobody.
 */
export class Maintenance {
  readonly #parts: MaintenanceParts;
  readonly #flushed: Watermark;
  readonly #compacted: Watermark;
  readonly #unused: RunReader[] = [];
  #manifest: Manifest;
  #task: Task<void> | undefined;
  #isRunning = false;
  #isStopping = false;
  #compactionsAsked = 0;

  /** `manifest`: the one that is durable and describes `parts.tables`. */
  constructor(parts: MaintenanceParts, manifest: Manifest) {
    this.#parts = parts;
    this.#manifest = manifest;
    this.#flushed = new Watermark(parts.scheduler, 'flushed memory tables', 0);
    this.#compacted = new Watermark(parts.scheduler, 'compactions', 0);
  }

  get manifestNumber(): number {
    return this.#manifest.number;
  }

  /** Resolves once the sealed table of this number is in a durable run. */
  async flushed(number: number): Promise<void> {
    await this.#flushed.reach(number);
  }

  /** Resolves once all runs that are there now are one. */
  async compact(): Promise<void> {
    this.#compactionsAsked += 1;
    const number = this.#compactionsAsked;
    this.wake();
    await this.#compacted.reach(number);
  }

  /** A run that nobody reads any more, to be closed and removed. */
  discard(run: RunReader): void {
    this.#unused.push(run);
    this.wake();
  }

  /** Sees to it that what there is to do gets done. */
  wake(): void {
    if (this.#isRunning || this.#nextJob() === undefined) return;
    this.#isRunning = true;
    this.#task = this.#parts.scheduler.spawn('kv maintenance', () => this.#run());
  }

  /** Ends all writing for this cause, and every wait for it. */
  poison(cause: unknown): void {
    const error = this.#parts.health.poison(cause);
    this.#flushed.fail(error);
    this.#compacted.fail(error);
  }

  /** Resolves when the job under way has ended; a compaction is broken off. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#task?.join();
    this.#flushed.fail(new StoreClosedError());
    this.#compacted.fail(new StoreClosedError());
  }

  async #run(): Promise<void> {
    try {
      for (let job = this.#nextJob(); job !== undefined; job = this.#nextJob()) await job();
    } catch (error) {
      const isBrokenOff = this.#isStopping && error instanceof StoreClosedError;
      if (!isBrokenOff) this.poison(error);
    } finally {
      this.#isRunning = false;
    }
  }

  #nextJob(): (() => Promise<void>) | undefined {
    const { health, sizes, tables } = this.#parts;
    if (this.#isStopping || health.isPoisoned) return undefined;
    // First, for it gives handles back: a store that is always busy must not run out of them.
    if (this.#unused.length > 0) return () => this.#removeUnused();
    const { sealed } = tables;
    const mergeable = runsToMerge(
      tables.runs.map((run) => run.descriptor.size),
      sizes.runsMax,
    );
    if (sealed !== undefined && tables.runs.length < 2 * sizes.runsMax) return () => this.#flush(sealed);
    if (this.#compactionsAsked > this.#compacted.value) return () => this.#compactAll();
    if (mergeable > 0) return () => this.#merge(mergeable);
    return undefined;
  }

  async #flush(sealed: SealedTable): Promise<void> {
    const { log, sites, tables, telemetry } = this.#parts;
    const run = await this.#writeRun(sealed.view.cursor(), tables.runs.length > 0);
    const runs = run === undefined ? tables.runs : [run, ...tables.runs];
    if (log.durableOffset < sealed.logOffset) {
      // The manifest is about to say that the log is needed only from here on: a power loss must not leave
      // a log that ends before that, in which new records would get offsets that are never replayed.
      await log.sync();
    }
    await this.#commit(runs, sealed.logOffset);
    tables.replaceRuns(runs, sealed);
    telemetry.reached('kv.flushed');
    telemetry.measure('kv.flush-bytes', run?.descriptor.size ?? 0);
    this.#flushed.advance(sealed.number);
    if (sites.fires('kv.compact-early')) this.#compactionsAsked += 1;
    await this.#removeOldManifest();
    await this.#tryToRemove('the log of what is in runs', () => log.cleanup(sealed.logOffset));
  }

  async #compactAll(): Promise<void> {
    const asked = this.#compactionsAsked;
    const { runs } = this.#parts.tables;
    if (!isCompact(runs)) await this.#merge(runs.length);
    this.#compacted.advance(asked);
  }

  /** Merges the newest `count` runs into one. */
  async #merge(count: number): Promise<void> {
    const { tables, telemetry } = this.#parts;
    if (tables.sealed !== undefined) telemetry.reached('kv.merge-before-flush');
    const merged = tables.runs.slice(0, count);
    const older = tables.runs.slice(count);
    const cursors: Cursor[] = [];
    for (const run of merged) cursors.push(await run.cursor({}, false));
    const run = await this.#writeRun(new MergeCursor(cursors), older.length > 0);
    const runs = run === undefined ? older : [run, ...older];
    await this.#commit(runs, this.#manifest.logOffset);
    tables.replaceRuns(runs);
    telemetry.reached('kv.compacted');
    telemetry.measure('kv.compaction-bytes', run?.descriptor.size ?? 0);
    await this.#removeOldManifest();
  }

  async #writeRun(cursor: Cursor, keepTombstones: boolean): Promise<RunReader | undefined> {
    const { context, entropy, sites, sizes } = this.#parts;
    const id = this.#manifest.nextRunId;
    this.#manifest = { ...this.#manifest, nextRunId: id + 1 };
    const descriptor = await writeRun(context.directory, { id, nonce: entropy.bytes(nonceBytes) }, cursor, {
      blockBytes: sizes.blockBytes,
      keepTombstones,
      sites,
      isCancelled: () => this.#isStopping,
    });
    return descriptor && RunReader.open(context, descriptor);
  }

  async #commit(runs: readonly RunReader[], logOffset: number): Promise<void> {
    const next: Manifest = {
      ...this.#manifest,
      number: this.#manifest.number + 1,
      logOffset,
      runs: runs.map((run) => run.descriptor),
    };
    const { scheduler, sites } = this.#parts;
    if (sites.fires('kv.dawdle-before-manifest')) await scheduler.yield();
    await writeManifest(this.#parts.context.directory, next);
    this.#manifest = next;
  }

  /** Only after a commit: the manifest before the present one. */
  async #removeOldManifest(): Promise<void> {
    const name = manifestName(this.#manifest.number - 1);
    await this.#tryToRemove(name, () => this.#parts.context.directory.remove(name));
  }

  async #removeUnused(): Promise<void> {
    for (const run of this.#unused.splice(0)) {
      const name = runName(run.descriptor.id);
      await this.#tryToRemove(`the handle of ${name}`, () => run.close());
      await this.#tryToRemove(name, () => this.#parts.context.directory.remove(name));
    }
  }

  async #tryToRemove(what: string, action: () => Promise<void>): Promise<void> {
    await tryToRemove(this.#parts.telemetry, what, action);
  }
}
