import type { Ports } from '../../ports/index.ts';
import { invariant } from '../errors.ts';
import { type AgentId, apiKeyKey, apiKeyPrefix, type Hash, parseKey } from '../model/index.ts';
import { afterOf, limitOf } from '../query/page.ts';
import type { Page, PageOptions } from '../query/types.ts';
import type { AccessStore } from './access-store.ts';
import { type ApiKey, drawKeyText, hashKeyText, hashPrefixOfId, idOfHash, maySpeakFor } from './api-key.ts';
import { decodeApiKey, encodeApiKey } from './api-key-codec.ts';
import { ApiKeyInvalidError, ForbiddenError, ThrottledError, UnauthenticatedError } from './errors.ts';
import { type NewApiKey, newApiKeySchema } from './new-api-key.ts';
import { Quotas } from './quotas.ts';
import { isPermitted, type Permission } from './roles.ts';
import { TokenBuckets } from './token-buckets.ts';

/** A key that was just made. Only here, and only once, is it to be had in clear. */
export interface IssuedApiKey {
  readonly key: string;
  readonly record: ApiKey;
}

type AccessPorts = Pick<Ports, 'clock' | 'entropy' | 'sites' | 'telemetry'>;

/**
 * Who may do what, and how much of it: API keys, their roles, quotas and rates.
 *
 * Keys are kept as hashes; whoever reads the store cannot speak for anybody. There may be one `Access` over a
 * store. Its methods may be called concurrently, and reject with the errors of the store when that fails.
 */
export class Access {
  readonly #ports: AccessPorts;
  readonly #store: AccessStore;
  readonly #buckets: TokenBuckets;
  readonly #quotas: Quotas;
  /** Keys that were told to wait for no reason, and are let in the next time. */
  readonly #turnedAway = new Set<string>();

  constructor(ports: AccessPorts, store: AccessStore) {
    this.#ports = ports;
    this.#store = store;
    this.#buckets = new TokenBuckets(ports.clock);
    this.#quotas = new Quotas(ports.clock, ports.telemetry, store);
  }

  /** Makes a key; durable when it resolves. Rejects with `ApiKeyInvalidError`. */
  async create(request: NewApiKey): Promise<IssuedApiKey> {
    const { success, data, error } = newApiKeySchema.safeParse(request);
    if (!success) {
      const issues = error.issues.map(({ path, message }) => ({ field: path.join('.'), detail: message }));
      throw new ApiKeyInvalidError(issues);
    }
    const key = drawKeyText(this.#ports.entropy);
    const keyHash = hashKeyText(key);
    invariant(keyHash !== undefined, 'a key that was just drawn can be hashed');
    const record: ApiKey = { id: idOfHash(keyHash), ...data, createdAt: this.#ports.clock.wallMs() };
    const isNew = await this.#store.compareAndSwap(apiKeyKey(keyHash), undefined, encodeApiKey(record), {
      sync: true,
    });
    invariant(isNew, 'no key is drawn twice');
    return { key, record };
  }

  /** The keys by id, revoked ones included. Rejects with `PageError`. */
  async list(options: PageOptions = {}): Promise<Page<ApiKey>> {
    const limit = limitOf(options);
    const last = hashPrefixOfId(afterOf(options, /^[0-9a-f]{16}$/) ?? '');
    const from = last && { after: Uint8Array.of(...apiKeyPrefix, ...last, ...greatestRest) };
    const items: ApiKey[] = [];
    for await (const entry of this.#store.scan({ prefix: apiKeyPrefix, ...from, limit: limit + 1 })) {
      items.push(decodeApiKey(keyHashOf(entry.key), entry.value));
    }
    const more = items.length > limit;
    if (more) items.pop();
    return { items, next: more ? items.at(-1)?.id : undefined };
  }

  /**
   * Revokes a key for good; durable when it resolves, and no request that comes later is let in with it. The
   * key as it is then, or `undefined` when there is none with that id. Revoking again changes nothing.
   */
  async revoke(id: string): Promise<ApiKey | undefined> {
    const hashPrefix = hashPrefixOfId(id);
    if (hashPrefix === undefined) return undefined;
    for (;;) {
      const found = await this.#first(Uint8Array.of(...apiKeyPrefix, ...hashPrefix));
      if (found === undefined) return undefined;
      const record = decodeApiKey(keyHashOf(found.key), found.value);
      if (record.revokedAt !== undefined) return record;
      const revoked = { ...record, revokedAt: this.#ports.clock.wallMs() };
      const next = encodeApiKey(revoked);
      if (await this.#store.compareAndSwap(found.key, found.value, next, { sync: true })) {
        this.#buckets.remove(id);
        return revoked;
      }
    }
  }

  /** Whose key that is. Rejects with `UnauthenticatedError`; compares hashes, found by lookup, never keys. */
  async authenticate(key: string | undefined): Promise<ApiKey> {
    const keyHash = key === undefined ? undefined : hashKeyText(key);
    const value = keyHash && (await this.#store.get(apiKeyKey(keyHash)));
    const record = keyHash && value && decodeApiKey(keyHash, value);
    if (record === undefined || record.revokedAt !== undefined) throw new UnauthenticatedError();
    return record;
  }

  /** Throws `ForbiddenError` unless a role of the key has one of the permissions. */
  requirePermission(key: ApiKey, permissions: readonly Permission[]): void {
    if (permissions.some((permission) => isPermitted(key.roles, permission))) return;
    throw new ForbiddenError(
      'STEME_FORBIDDEN_ROLE',
      `The roles of this key (${key.roles.join(', ')}) do not allow this; ask an admin for another key.`,
    );
  }

  /** Throws `ForbiddenError` unless the key may speak for every one of the agents. */
  requireAgents(key: ApiKey, agentIds: readonly AgentId[]): void {
    if (agentIds.every((agentId) => maySpeakFor(key, agentId))) return;
    throw new ForbiddenError(
      'STEME_FORBIDDEN_AGENT',
      'This key may not speak for that agent, and nothing was written; use the key that belongs to the agent.',
    );
  }

  /** Takes `cost` from the bucket of the key. Throws `ThrottledError`, and nothing is taken. */
  admit(key: ApiKey, cost: number): void {
    const waitMs = this.#isTurnedAway(key.id) ? 1 : this.#buckets.take(key.id, key.bucket, cost);
    if (waitMs === 0) return;
    throw new ThrottledError('STEME_RATE_LIMITED', waitMs, 'This key asks for too much at a time.');
  }

  /** Adds `cost` to what the key has used in this hour; see `Quotas`. Rejects with `ThrottledError`. */
  async charge(key: ApiKey, cost: number): Promise<void> {
    await this.#quotas.charge(key.id, key.quotaPerHour, cost);
  }

  /** At most every second time, for whoever comes again must get in. */
  #isTurnedAway(id: string): boolean {
    if (this.#turnedAway.delete(id) || !this.#ports.sites.fires('access.turn-away')) return false;
    this.#turnedAway.add(id);
    return true;
  }

  async #first(prefix: Uint8Array): Promise<{ key: Uint8Array; value: Uint8Array } | undefined> {
    for await (const entry of this.#store.scan({ prefix, limit: 1 })) return entry;
    return undefined;
  }
}

/** Behind the part of a hash that is the id: no hash with that id comes later. */
const greatestRest = new Uint8Array(24).fill(0xff);

function keyHashOf(key: Uint8Array): Hash {
  const parsed = parseKey(key);
  invariant(parsed.table === 'AK', 'a scan of the API keys yields API keys');
  return parsed.keyHash;
}
