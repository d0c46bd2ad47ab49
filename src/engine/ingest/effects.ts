import { toHex } from '../../crypto/index.ts';
import type { KeyValueReader, Operation } from '../kv/index.ts';
import {
  type Assertion,
  assertionKey,
  decodeAssertion,
  dirtyKey,
  type Hash,
  haveSameContent,
  quarantineKey,
  subjectKey,
  subjectPredicateKey,
  type Vote,
  voteKey,
} from '../model/index.ts';
import type { ErrorCode } from '../errors.ts';
import { encodeLogOffset } from '../log-offset.ts';
import { voteOperations } from '../votes/index.ts';
import type { Judged } from './judge.ts';
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
 * before, in the store or in this batch, has none: the first that is stored stays. One that only has the hash
 * of another goes to quarantine: nothing that was acknowledged is dropped.
 */
export class Effects {
  readonly operations: Operation[] = [];
  readonly #store: KeyValueReader;
  /** Assertions of this batch, by hash. */
  readonly #assertions = new Map<string, Assertion>();
  /** Records of this batch, by key. */
  readonly #records = new Map<string, Uint8Array>();

  constructor(store: KeyValueReader) {
    this.#store = store;
  }

  /** In the order of the log. Rejects only when the store cannot be read. */
  async add(record: LogRecord, judged: Judged): Promise<Ingested> {
    switch (judged.kind) {
      case 'assertion':
        return this.#addAssertion(record, judged.assertion, judged.hash);
      case 'vote':
        return this.#addVote(record, judged.vote, judged.hash);
      case 'refused':
        return this.#quarantine(record, judged.code);
    }
  }

  async #addAssertion(record: LogRecord, assertion: Assertion, hash: Hash): Promise<Ingested> {
    const key = assertionKey(hash);
    const before = await this.#recordAt(key);
    if (before !== undefined) return this.#takeAgain(record, before);
    this.#assertions.set(toHex(hash), assertion);
    const { subject, predicate } = assertion;
    this.#records.set(toHex(key), record.body);
    this.#put(key, record.body);
    this.#put(subjectKey(subject, hash), empty);
    this.#put(subjectPredicateKey(subject, predicate, hash), empty);
    this.#markViews(assertion, record.offset);
    return 'stored';
  }

  async #addVote(record: LogRecord, vote: Vote, hash: Hash): Promise<Ingested> {
    const key = voteKey(vote.assertionHash, hash);
    const before = await this.#recordAt(key);
    if (before !== undefined) return this.#takeAgain(record, before);
    this.#records.set(toHex(key), record.body);
    this.operations.push(...voteOperations(vote, hash, record.body));
    const assertion = await this.#find(vote.assertionHash);
    // A vote may come first: the assertion will mark the views when it does.
    if (assertion !== undefined) this.#markViews(assertion, record.offset);
    return 'stored';
  }

  async #recordAt(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#records.get(toHex(key)) ?? this.#store.get(key);
  }

  #takeAgain(record: LogRecord, before: Uint8Array): Ingested {
    return haveSameContent(before, record.body)
      ? 'duplicate'
      : this.#quarantine(record, 'STEME_HASH_COLLISION');
  }

  #quarantine({ offset, body }: LogRecord, code: ErrorCode): Ingested {
    this.#put(quarantineKey(offset), encodeQuarantined({ code, body }));
    return 'quarantined';
  }

  async #find(hash: Hash): Promise<Assertion | undefined> {
    const inBatch = this.#assertions.get(toHex(hash));
    if (inBatch !== undefined) return inBatch;
    const bytes = await this.#store.get(assertionKey(hash));
    return bytes === undefined ? undefined : decodeAssertion(bytes);
  }

  /** Whether or not views are kept now: those of before must not be taken for fresh when they are again. */
  #markViews({ subject, predicate }: Assertion, offset: number): void {
    this.#put(dirtyKey(subject, predicate), encodeLogOffset(offset));
  }

  #put(key: Uint8Array, value: Uint8Array): void {
    this.operations.push({ type: 'put', key, value });
  }
}
