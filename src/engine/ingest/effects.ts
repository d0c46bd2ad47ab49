import type { Signatures } from '../../ports/index.ts';
import { toHex } from '../../crypto/index.ts';
import { type ErrorCode, StemeError } from '../errors.ts';
import type { KeyValueReader, Operation } from '../kv/index.ts';
import {
  type Assertion,
  assertionKey,
  decodeRecord,
  quarantineKey,
  subjectKey,
  subjectPredicateKey,
  verifyAssertion,
} from '../model/index.ts';
import { encodeQuarantined } from './quarantine.ts';

/** A data record of the log. */
export interface LogRecord {
  readonly offset: number;
  readonly body: Uint8Array;
}

/** What became of a record. */
export type Ingested = 'stored' | 'duplicate' | 'quarantined';

const empty = new Uint8Array(0);

/**
 * Collects the effects of log records into the operations of one batch. A record that was ingested
 * before, in the store or in this batch, has none: the first that is stored stays.
 */
export class Effects {
  readonly operations: Operation[] = [];
  readonly #store: KeyValueReader;
  readonly #signatures: Signatures;
  readonly #inBatch = new Set<string>();

  constructor(store: KeyValueReader, signatures: Signatures) {
    this.#store = store;
    this.#signatures = signatures;
  }

  /** Rejects only when the store cannot be read. */
  async add(record: LogRecord): Promise<Ingested> {
    const judged = judge(record.body, this.#signatures);
    if ('code' in judged) {
      const value = encodeQuarantined({ code: judged.code, body: record.body });
      this.#put(quarantineKey(record.offset), value);
      return 'quarantined';
    }
    const { assertion, hash } = judged;
    const key = assertionKey(hash);
    const name = toHex(hash);
    if (this.#inBatch.has(name) || (await this.#store.get(key)) !== undefined) return 'duplicate';
    this.#inBatch.add(name);
    this.#put(key, record.body);
    this.#put(subjectKey(assertion.subject, hash), empty);
    this.#put(subjectPredicateKey(assertion.subject, assertion.predicate, hash), empty);
    return 'stored';
  }

  #put(key: Uint8Array, value: Uint8Array): void {
    this.operations.push({ type: 'put', key, value });
  }
}

type Judged = { readonly assertion: Assertion; readonly hash: Uint8Array } | { readonly code: ErrorCode };

/** Decodes and verifies; whatever is wrong with the record itself is a verdict, not an exception. */
function judge(body: Uint8Array, signatures: Signatures): Judged {
  try {
    const record = decodeRecord(body);
    if (record.kind !== 'assertion') return { code: 'STEME_RECORD_UNSUPPORTED' };
    const verification = verifyAssertion(record.assertion, signatures);
    if (!verification.ok) return { code: verification.code };
    return { assertion: record.assertion, hash: verification.hash };
  } catch (error) {
    if (error instanceof StemeError && error.code !== 'STEME_INVARIANT') return { code: error.code };
    throw error;
  }
}
