import { toHex } from '../../crypto/index.ts';
import type { Ports } from '../../ports/index.ts';
import {
  type KeyValueStore,
  type Operation,
  StoreIndeterminateError,
  StoreIoError,
  StorePoisonedError,
} from '../kv/index.ts';
import { type AgentId, agentAuditKey, agentAuditPrefix, auditKey, parseKey } from '../model/index.ts';
import { InvariantError } from '../errors.ts';
import { decodeAudit, encodeAudit, type QueryAudit } from './query-audit.ts';

const idBytes = 16;
const empty = new Uint8Array(0);

/** The records that queries leave behind. */
export class Audits {
  readonly #ports: Pick<Ports, 'entropy' | 'telemetry'>;
  readonly #store: KeyValueStore;

  constructor(ports: Pick<Ports, 'entropy' | 'telemetry'>, store: KeyValueStore) {
    this.#ports = ports;
    this.#store = store;
  }

  /** A name for a query that no other has: 32 hexadecimal digits. */
  newQueryId(): string {
    return toHex(this.#ports.entropy.bytes(idBytes));
  }

  /**
   * Keeps the record; it survives a kill, and a power loss once anything later was made durable. Resolves
   * `false` when the store takes no writes: a question may still be answered then.
   */
  async keep(audit: QueryAudit): Promise<boolean> {
    const { queryId, agentId, timestamp } = audit;
    const operations: Operation[] = [{ type: 'put', key: auditKey(queryId), value: encodeAudit(audit) }];
    if (agentId !== undefined) {
      operations.push({ type: 'put', key: agentAuditKey(agentId, timestamp, queryId), value: empty });
    }
    try {
      await this.#store.batch(operations);
      return true;
    } catch (error) {
      if (!isRefusalToWrite(error)) throw error;
      this.#ports.telemetry.reached('audit.not-kept');
      this.#ports.telemetry.log('error', 'audit.not-kept', { queryId, reason: error.message });
      return false;
    }
  }

  async find(queryId: string): Promise<QueryAudit | undefined> {
    const bytes = await this.#store.get(auditKey(queryId));
    return bytes === undefined ? undefined : decodeAudit(queryId, bytes);
  }

  /** What an agent asked, oldest first as the server's clock had it. */
  async *byAgent(agentId: AgentId): AsyncGenerator<QueryAudit> {
    for await (const { key } of this.#store.scan({ prefix: agentAuditPrefix(agentId) })) {
      const parsed = parseKey(key);
      if (parsed.table !== 'AA')
        throw new InvariantError(`an audit index has a key of table ${parsed.table}`);
      const audit = await this.find(parsed.queryId);
      if (audit !== undefined) yield audit;
    }
  }
}

function isRefusalToWrite(error: unknown): error is Error {
  return (
    error instanceof StorePoisonedError ||
    error instanceof StoreIndeterminateError ||
    error instanceof StoreIoError
  );
}
