import type { Clock, Telemetry } from '../../ports/index.ts';
import { InvariantError, StemeError } from '../errors.ts';
import { decodeCounter, type Operation } from '../kv/index.ts';
import { quotaKey, quotaPrefix } from '../model/index.ts';
import type { AccessStore } from './access-store.ts';
import { ThrottledError } from './errors.ts';

const hourMs = 3_600_000;

/** Windows that are kept after they have passed, so that a clock that is set back finds them. */
const windowsKept = 48;

/** What a key has used of one window. */
interface Account {
  used: number;
  /** Increments on their way to the store. */
  writing: number;
  /** Entries of windows long past, to be removed with the next increment. */
  outdated: readonly Uint8Array[];
}

/**
 * What each key uses in each hour of the wall clock. Kept in the store by `increment`, so that it survives a
 * restart and a kill; a power loss may forget the last moments.
 *
 * The check and the addition are one synchronous step on the copy in memory, so that requests at once cannot
 * together take more than there is; the store follows. What a request has used stays used when it fails.
 *
 * A wall clock that is set back comes to a window that has been used before and goes on where that stood; one
 * that is set forward begins a new one early. However it is set, no window gives more than the quota, except
 * one that was left more than 48 hours ahead and comes again.
 */
export class Quotas {
  readonly #clock: Clock;
  readonly #telemetry: Telemetry;
  readonly #store: AccessStore;
  readonly #accounts = new Map<string, Map<number, Account>>();

  constructor(clock: Clock, telemetry: Telemetry, store: AccessStore) {
    this.#clock = clock;
    this.#telemetry = telemetry;
    this.#store = store;
  }

  /** Adds `cost` to what the key has used in this hour. Rejects with `ThrottledError`, and nothing is added. */
  async charge(id: string, quotaPerHour: number, cost: number): Promise<void> {
    const nowMs = Math.max(0, this.#clock.wallMs());
    const window = Math.floor(nowMs / hourMs);
    const account = this.#find(id, window) ?? this.#open(id, window, await this.#load(id, window));
    if (account.used + cost > quotaPerHour) {
      const retryAfterMs = (window + 1) * hourMs - nowMs;
      const left = Math.max(0, quotaPerHour - account.used);
      throw new ThrottledError(
        'STEME_QUOTA_EXCEEDED',
        retryAfterMs,
        `This costs ${cost}, and of the key's ${quotaPerHour} an hour ${left} are left.`,
      );
    }
    account.used += cost;
    await this.#write(quotaKey(id, window), account, cost);
  }

  #find(id: string, window: number): Account | undefined {
    return this.#accounts.get(id)?.get(window);
  }

  /** Others may have opened the account while this one was loaded: theirs is ahead of the store, and counts. */
  #open(id: string, window: number, loaded: Account): Account {
    const accounts = this.#accounts.get(id) ?? new Map<number, Account>();
    this.#accounts.set(id, accounts);
    const current = accounts.get(window);
    if (current !== undefined) return current;
    for (const [other, { writing }] of accounts) if (writing === 0) accounts.delete(other);
    accounts.set(window, loaded);
    return loaded;
  }

  async #load(id: string, window: number): Promise<Account> {
    const value = await this.#store.get(quotaKey(id, window));
    const used = Number((value && decodeCounter(value)) ?? 0n);
    const outdated: Uint8Array[] = [];
    const to = quotaKey(id, Math.max(0, window - windowsKept));
    for await (const { key } of this.#store.scan({ from: quotaPrefix(id), to, limit: 100 })) {
      outdated.push(key);
    }
    return { used, writing: 0, outdated };
  }

  /** A store that takes no writes must not keep readers out: the use is then counted in memory alone. */
  async #write(key: Uint8Array, account: Account, cost: number): Promise<void> {
    const operations: Operation[] = [{ type: 'increment', key, delta: cost }];
    for (const outdated of account.outdated) operations.push({ type: 'delete', key: outdated });
    account.outdated = [];
    account.writing += 1;
    try {
      await this.#store.batch(operations);
    } catch (error) {
      if (!(error instanceof StemeError) || error instanceof InvariantError) throw error;
      this.#telemetry.reached('access.quota-not-stored');
      this.#telemetry.log('warn', 'access.quota-not-stored', { code: error.code });
    } finally {
      account.writing -= 1;
    }
  }
}
