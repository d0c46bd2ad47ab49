import { Mutex, type Scheduler, type Sites, type Telemetry } from '../../ports/index.ts';
import { invariant } from '../errors.ts';
import { type Batch, stage } from './batch.ts';
import { StoreIndeterminateError } from './errors.ts';
import type { Health } from './health.ts';
import { encodeLogRecord } from './log-record.ts';
import type { Maintenance } from './maintenance.ts';
import { Memtable } from './memtable.ts';
import type { StoreSizes } from './options.ts';
import type { StoreLog } from './store-log.ts';
import type { Tables } from './tables.ts';

export interface WritePathParts {
  readonly scheduler: Scheduler;
  readonly sites: Sites;
  readonly telemetry: Telemetry;
  readonly sizes: StoreSizes;
  readonly storeId: Uint8Array;
  readonly tables: Tables;
  readonly log: StoreLog;
  readonly health: Health;
  readonly maintenance: Maintenance;
}

/** A batch on its way through the log. */
interface Request {
  readonly batch: Batch;
  readonly sync: boolean;
  outcome: Outcome | undefined;
}

type Outcome = { readonly applied: boolean } | { readonly error: unknown };

/**
 * Writes, one group at a time: whoever gets the lock takes all batches that wait, resolves them one after
 * the other, appends their net effect to the log as one record, and applies it. A record is all there or
 * not at all and records survive in order, so what survives is always a prefix of the batches.
 *
 * Nothing is visible before the log has it: a reader never sees what a failed append takes back.
 */
export class WritePath {
  readonly #parts: WritePathParts;
  readonly #lock: Mutex;
  readonly #waiting: Request[] = [];
  /** Where the log ended when the memory table was last sealed. */
  #sealedOffset: number;

  constructor(parts: WritePathParts, sealedOffset: number) {
    this.#parts = parts;
    this.#lock = new Mutex(parts.scheduler, 'kv writes');
    this.#sealedOffset = sealedOffset;
  }

  /** Resolves whether the batch was applied: `false` only when its condition did not hold. */
  async submit(batch: Batch, sync: boolean): Promise<boolean> {
    this.#parts.health.assertOpen();
    const request: Request = { batch, sync, outcome: undefined };
    this.#waiting.push(request);
    await this.#lock.withLock(async () => {
      // Lock and queue are both first come, first served: either an earlier holder has done it or it is first.
      if (request.outcome === undefined) await this.#commitGroup(this.#takeGroup());
    });
    const { outcome } = request;
    invariant(outcome !== undefined, 'a batch left the queue of writes without an outcome');
    if ('error' in outcome) throw outcome.error;
    return outcome.applied;
  }

  /** Seals what is in memory. Returns the number of the last sealed table. */
  async seal(): Promise<number> {
    this.#parts.health.assertOpen();
    return this.#lock.withLock(async () => {
      this.#parts.health.assertUnpoisoned();
      if (this.#parts.tables.memtable.entries > 0) await this.#sealActive();
      return this.#parts.tables.seals;
    });
  }

  /** Resolves when everything that was submitted before is done. */
  async idle(): Promise<void> {
    await this.#lock.withLock(async () => undefined);
  }

  #takeGroup(): Request[] {
    const { sites, sizes } = this.#parts;
    const bytesMax = sites.fires('kv.group-of-one') ? 0 : sizes.groupBytesMax;
    let bytes = 0;
    let count = 0;
    for (const { batch } of this.#waiting) {
      bytes += batch.bytes;
      if (count > 0 && bytes > bytesMax) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commitGroup(group: readonly Request[]): Promise<void> {
    try {
      await this.#makeRoom();
    } catch (error) {
      for (const request of group) request.outcome = { error };
      return;
    }
    if (group.length > 1) this.#parts.telemetry.reached('kv.group-of-several');
    const changes = new Memtable();
    const staged: { readonly request: Request; readonly applied: boolean }[] = [];
    for (const request of group) {
      try {
        staged.push({ request, applied: await this.#stage(request.batch, changes) });
      } catch (error) {
        // A counter or a read stood against this batch; the others go on without it.
        request.outcome = { error };
      }
    }
    try {
      await this.#write(
        changes,
        staged.some(({ request }) => request.sync),
      );
    } catch (error) {
      this.#parts.maintenance.poison(error);
      for (const { request } of staged) request.outcome = { error: new StoreIndeterminateError(error) };
      return;
    }
    for (const { request, applied } of staged) request.outcome = { applied };
  }

  async #stage(batch: Batch, changes: Memtable): Promise<boolean> {
    const applied = await stage(batch, changes, (key) => this.#parts.tables.lookup(key));
    if (!applied) this.#parts.telemetry.reached('kv.swap-lost');
    return applied;
  }

  async #write(changes: Memtable, sync: boolean): Promise<void> {
    const { log, scheduler, sites, tables, storeId } = this.#parts;
    if (changes.entries > 0) {
      const view = changes.view();
      const { endOffset } = await log.append(encodeLogRecord(storeId, view), { sync });
      if (sites.fires('kv.dawdle-before-apply')) await scheduler.yield();
      tables.apply(view, endOffset);
    } else if (sync) {
      // Nothing to write, but whoever asked for `sync` relies on all that it has seen, too.
      await log.sync();
    }
  }

  /** Seals a full memory table; while the one before is still being written, everybody waits. */
  async #makeRoom(): Promise<void> {
    const { health, sites, sizes, tables } = this.#parts;
    health.assertUnpoisoned();
    const isFull =
      tables.memtable.bytes >= sizes.memtableBytes ||
      tables.logOffset - this.#sealedOffset >= sizes.logBytesMax;
    if (tables.memtable.entries > 0 && (isFull || sites.fires('kv.flush-early'))) await this.#sealActive();
  }

  async #sealActive(): Promise<void> {
    const { health, maintenance, tables, telemetry } = this.#parts;
    if (tables.sealed !== undefined) {
      telemetry.reached('kv.back-pressure');
      await maintenance.flushed(tables.sealed.number);
      health.assertUnpoisoned();
    }
    this.#sealedOffset = tables.seal().logOffset;
    maintenance.wake();
  }
}
