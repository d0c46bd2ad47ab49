import type { Ports } from '../ports/index.ts';
import { DatabaseClosedError, type IngestOptions, Ingestor, type IngestStatus } from './ingest/index.ts';
import {
  type Entry,
  HybridStore,
  type HybridStoreOptions,
  openJournalLog,
  StoreClosedError,
} from './kv/index.ts';
import {
  type Assertion,
  assertionKey,
  decodeAssertion,
  encodeAssertion,
  type Hash,
  hashOfSubjectKey,
  hashOfSubjectPredicateKey,
  SignatureError,
  subjectPredicatePrefix,
  subjectPrefix,
  verifyAssertion,
} from './model/index.ts';
import { entriesOf, type StoreEntry } from './store-entries.ts';
import {
  type AppendReceipt,
  Journal,
  type JournalOptions,
  WalBusyError,
  WalClosedError,
} from './wal/index.ts';

export interface StemeConfig {
  /** Absolute. Made when it is not there, durably. Nobody else may write in it. */
  readonly directory: string;
  /** The log of claims. */
  readonly wal?: JournalOptions;
  readonly kv?: HybridStoreOptions;
  /** The store's own log. */
  readonly kvLog?: JournalOptions;
  readonly ingest?: IngestOptions;
}

export interface Receipt {
  readonly hash: Hash;
  /** Where the claim is in the log. */
  readonly offset: number;
  /** Once the ingest cursor has reached this, the claim can be read. */
  readonly endOffset: number;
}

/**
 * The database: a log of signed claims, and a store that is made from it and can be queried.
 *
 * At most one may be open on a directory. All methods may be called concurrently; once `close` has been
 * called they reject with `DatabaseClosedError`.
 */
export class StemeDB {
  readonly #ports: Ports;
  readonly #journal: Journal;
  readonly #store: HybridStore;
  readonly #ingestor: Ingestor;

  private constructor(ports: Ports, journal: Journal, store: HybridStore, ingestor: Ingestor) {
    this.#ports = ports;
    this.#journal = journal;
    this.#store = store;
    this.#ingestor = ingestor;
  }

  /**
   * Opens what is in the directory, recovering from whatever ended it, or makes a new database there.
   *
   * Rejects with `WalCorruptError` or `StoreCorruptError` when something durable is damaged or missing,
   * having changed nothing there, and with their I/O errors when it could not be read.
   */
  static async open(ports: Ports, config: StemeConfig): Promise<StemeDB> {
    const { directory, wal = {}, kv = {}, kvLog = {}, ingest = {} } = config;
    const storeDirectory = `${directory}/kv`;
    const store = await HybridStore.open(ports, storeDirectory, kv, (checkpoint) =>
      openJournalLog(ports, `${storeDirectory}/log`, kvLog, checkpoint),
    );
    let journal: Journal | undefined;
    try {
      const cursor = await Ingestor.readCursor(store);
      journal = await Journal.open(ports, `${directory}/wal`, wal, {
        checkpoint: cursor,
        neededFrom: cursor,
      });
      const ingestor = await Ingestor.start(ports, journal, store, ingest);
      return new StemeDB(ports, journal, store, ingestor);
    } catch (error) {
      // What stands in the way of opening is what the caller must hear.
      await journal?.close().catch(() => undefined);
      await store.close().catch(() => undefined);
      throw error;
    }
  }

  /**
   * Takes a signed claim. When it resolves the claim is durable, and will be in the store once ingest has
   * reached `endOffset`. The same content again is the same claim.
   *
   * Rejects with `ValidationError` or `SignatureError`, and then nothing was written; with
   * `WalPoisonedError` when it is unknown whether it was.
   */
  async submit(assertion: Assertion): Promise<Receipt> {
    const body = encodeAssertion(assertion);
    const verification = verifyAssertion(assertion, this.#ports.signatures);
    if (!verification.ok) throw new SignatureError(verification);
    const { offset, endOffset } = await this.#whileOpen(() => this.#append(body));
    return { hash: verification.hash, offset, endOffset };
  }

  /** The claim with that hash, or `undefined` when none has been ingested. */
  async get(hash: Hash): Promise<Assertion | undefined> {
    const bytes = await this.#whileOpen(() => this.#store.get(assertionKey(hash)));
    return bytes === undefined ? undefined : decodeAssertion(bytes);
  }

  /** Hashes of the claims about a subject, in the order of the hashes, as of one moment. */
  async *bySubject(subject: string): AsyncGenerator<Hash> {
    const prefix = subjectPrefix(subject);
    for await (const { key } of this.#scan(prefix)) yield hashOfSubjectKey(key);
  }

  /** Hashes of the claims about a subject with a predicate; as `bySubject`. */
  async *bySubjectPredicate(subject: string, predicate: string): AsyncGenerator<Hash> {
    const prefix = subjectPredicatePrefix(subject, predicate);
    for await (const { key } of this.#scan(prefix)) yield hashOfSubjectPredicateKey(key);
  }

  /** Everything in the store, entry by entry in the order of the keys, as of one moment; for tools and tests. */
  entries(): AsyncGenerator<StoreEntry> {
    return entriesOf(this.#store);
  }

  /** Through which offset the log is durable. */
  get durableOffset(): number {
    return this.#journal.durableOffset.value;
  }

  /** How far ingest has come. */
  get ingestStatus(): IngestStatus {
    return this.#ingestor.status;
  }

  /** Resolves once everything before `offset` of the log can be read. Rejects when ingest stops before that. */
  async waitUntilOffset(offset: number): Promise<void> {
    await this.#ingestor.waitUntilOffset(offset);
  }

  /** Rewrites the store into one run. Needs the space of both for a while. */
  async compact(): Promise<void> {
    await this.#whileOpen(() => this.#store.compact());
  }

  /**
   * Finishes what is in progress and gives every handle back; what was acknowledged is durable. Later
   * calls reject. Ingest need not have caught up: it goes on when the database is opened again.
   */
  async close(): Promise<void> {
    try {
      await this.#journal.close();
    } finally {
      try {
        await this.#ingestor.close();
      } finally {
        await this.#store.close();
      }
    }
  }

  /** Whichever part is found closed first: to the caller the database is. */
  async #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw isClosed(error) ? new DatabaseClosedError({ cause: error }) : error;
    }
  }

  async *#scan(prefix: Uint8Array): AsyncGenerator<Entry> {
    try {
      yield* this.#store.scan({ prefix });
    } catch (error) {
      throw isClosed(error) ? new DatabaseClosedError({ cause: error }) : error;
    }
  }

  /** Waits while too much is queued for the log. */
  async #append(body: Uint8Array): Promise<AppendReceipt> {
    for (;;) {
      try {
        return await this.#journal.append(body);
      } catch (error) {
        if (!(error instanceof WalBusyError)) throw error;
        await this.#journal.room();
      }
    }
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof WalClosedError || error instanceof StoreClosedError;
}
