import type { Ports } from '../ports/index.ts';
import { Access } from './access/index.ts';
import { Audits, type QueryAudit } from './audit/index.ts';
import { invariant } from './errors.ts';
import {
  HashCollisionError,
  type IngestOptions,
  Ingestor,
  type IngestStatus,
  type QuarantinedRecord,
} from './ingest/index.ts';
import {
  type Entry,
  HybridStore,
  type HybridStoreOptions,
  judgeJournalLog,
  StoreCorruptError,
  StoreIoError,
  type StoreStats,
} from './kv/index.ts';
import { layoutOf } from './layout.ts';
import type { VoteTally } from './lens/index.ts';
import {
  type AgentId,
  type Assertion,
  assertionKey,
  decodeAssertion,
  encodeAssertion,
  encodeVote,
  type Hash,
  hashOfSubjectKey,
  hashOfSubjectPredicateKey,
  haveSameContent,
  type IdentityOf,
  SignatureError,
  subjectPredicatePrefix,
  subjectPrefix,
  type Verification,
  verifyAssertionAside,
  verifyVoteAside,
  type Vote,
  voteKey,
  wholeHash,
} from './model/index.ts';
import {
  type Answer,
  listClaims,
  type ListedClaim,
  listPredicates,
  listQuarantined,
  type Page,
  type PageOptions,
  type Query,
  QueryEngine,
  type QueryOptions,
} from './query/index.ts';
import type { ClaimFilter } from './resolve/index.ts';
import { entriesOf, type StoreEntry } from './store-entries.ts';
import { Materializer, type MaterializerStatus, type ViewOptions, viewOptionsOf } from './views/index.ts';
import { readTally } from './votes/index.ts';
import {
  type AppendReceipt,
  Journal,
  type JournalOptions,
  type JudgedLog,
  openAgainWhileChanging,
  WalBusyError,
} from './wal/index.ts';
import { scanWhileOpen, storeWhileOpen, whileOpen } from './while-open.ts';

export interface StemeConfig {
  /** Absolute. Made when it is not there, durably. Nobody else may write in it. */
  readonly directory: string;
  /** The log of claims. */
  readonly wal?: JournalOptions;
  readonly kv?: HybridStoreOptions;
  /** The store's own log. */
  readonly kvLog?: JournalOptions;
  readonly ingest?: IngestOptions;
  readonly views?: ViewOptions;
  readonly query?: QueryOptions;
  /** Default: the whole hash. Anything shorter makes contents collide on purpose: for tests, and for good. */
  readonly identityOf?: IdentityOf;
}

/** Says that a claim or a vote is durable. */
export interface Receipt {
  readonly hash: Hash;
  /** Where it is in the log. */
  readonly offset: number;
  /** Once the ingest cursor has reached this, it can be read. */
  readonly endOffset: number;
}

/**
 * The database: a log of signed claims, and a store that is made from it and can be queried.
 *
 * At most one may be open on a directory. All methods may be called concurrently; once `close` has been
 * called they reject with `DatabaseClosedError`.
 */
export class StemeDB {
  /** Who may do what over HTTP; nothing here asks it. */
  readonly access: Access;
  readonly #ports: Ports;
  readonly #journal: Journal;
  readonly #store: HybridStore;
  readonly #ingestor: Ingestor;
  readonly #materializer: Materializer | undefined;
  readonly #audits: Audits;
  readonly #queries: QueryEngine;
  readonly #identityOf: IdentityOf;

  private constructor(
    ports: Ports,
    { views = {}, query = {}, identityOf = wholeHash }: StemeConfig,
    parts: { readonly journal: Journal; readonly store: HybridStore; readonly ingestor: Ingestor },
  ) {
    const { journal, store, ingestor } = parts;
    this.#ports = ports;
    this.#journal = journal;
    this.#store = store;
    this.#ingestor = ingestor;
    this.#identityOf = identityOf;
    this.access = new Access(ports, storeWhileOpen(store));
    this.#audits = new Audits(ports, store);
    this.#queries = new QueryEngine(ports, store, this.#audits, query, () => {
      const status = this.viewStatus;
      return status && (status.stopped === undefined ? 'up-to-date' : 'stopped');
    });
    const viewOptions = viewOptionsOf(views);
    const keepsViews = viewOptions.lenses.length > 0;
    this.#materializer = keepsViews ? new Materializer(ports, store, ingestor, viewOptions) : undefined;
  }

  /**
   * Opens what is in the directory, recovering from whatever ended it, or makes a new database there.
   *
   * Both logs and the store are read and judged before anything is written: it rejects with
   * `WalCorruptError` or `StoreCorruptError` when something durable is damaged or missing, having changed
   * nothing in the directory, and with their I/O errors when it could not be read or written.
   */
  static async open(ports: Ports, config: StemeConfig): Promise<StemeDB> {
    return openAgainWhileChanging(ports.telemetry, () => StemeDB.#openOnce(ports, config));
  }

  static async #openOnce(ports: Ports, config: StemeConfig): Promise<StemeDB> {
    const { directory, wal = {}, kv = {}, kvLog = {}, ingest = {}, identityOf = wholeHash } = config;
    const layout = layoutOf(directory);
    const judged: { claims?: JudgedLog } = {};
    const store = await HybridStore.open(
      ports,
      layout.store,
      kv,
      (checkpoint) => judgeJournalLog(ports, layout.storeLog, kvLog, checkpoint),
      async (found) => {
        const cursor = await Ingestor.readCursor(found);
        judged.claims = await Journal.judge(ports, layout.log, wal, {
          checkpoint: cursor,
          neededFrom: cursor,
        });
      },
    );
    let journal: Journal | undefined;
    try {
      invariant(judged.claims !== undefined, 'the store was opened without a look at the log of claims');
      journal = await Journal.openJudged(judged.claims);
      const ingestor = await Ingestor.start(ports, journal, store, { ...ingest, identityOf });
      return new StemeDB(ports, config, { journal, store, ingestor });
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
   * Rejects with `ValidationError`, `SignatureError` or `HashCollisionError`, and then nothing was written;
   * with `WalPoisonedError` when it is unknown whether it was.
   */
  async submit(assertion: Assertion): Promise<Receipt> {
    const body = encodeAssertion(assertion);
    return this.#take(body, await verifyAssertionAside(assertion, this.#ports.signatures), assertionKey);
  }

  /**
   * Takes a signed vote; as `submit`. The assertion need not be here, or ever come. The same vote again
   * counts once; each vote of an agent that differs counts.
   */
  async vote(vote: Vote): Promise<Receipt> {
    const body = encodeVote(vote);
    const keyOf = (hash: Hash): Uint8Array => voteKey(vote.assertionHash, hash);
    return this.#take(body, await verifyVoteAside(vote, this.#ports.signatures), keyOf);
  }

  /** The claim with that hash, or `undefined` when none has been ingested. */
  async get(hash: Hash): Promise<Assertion | undefined> {
    const bytes = await whileOpen(() => this.#store.get(assertionKey(hash)));
    return bytes === undefined ? undefined : decodeAssertion(bytes);
  }

  /** The votes on an assertion that have been ingested, whether the assertion itself is here or not. */
  async tally(hash: Hash): Promise<VoteTally> {
    return whileOpen(() => readTally(this.#store, hash));
  }

  /**
   * Resolves what is claimed about a subject and a predicate, as of one moment, and keeps a record of it.
   *
   * Rejects with `UnknownLensError`, `ValidationError`, or `QueryTooLargeError`.
   */
  async query(query: Query): Promise<Answer> {
    return whileOpen(() => this.#queries.query(query));
  }

  /** Claims that pass the filter, with their votes, page by page in the order of their hashes. */
  async list(filter: ClaimFilter, page: PageOptions = {}): Promise<Page<ListedClaim>> {
    return whileOpen(() => listClaims(this.#store, filter, page, this.#queries.pageBytesMax));
  }

  /** What predicates the claims about a subject have, page by page in the order of their code points. */
  async predicates(subject: string, page: PageOptions = {}): Promise<Page<string>> {
    return whileOpen(() => listPredicates(this.#store, subject, page));
  }

  /** What a query left behind. */
  async audit(queryId: string): Promise<QueryAudit | undefined> {
    return whileOpen(() => this.#audits.find(queryId));
  }

  /** What an agent asked, oldest first as the server's clock had it. */
  async *auditsOf(agentId: AgentId): AsyncGenerator<QueryAudit> {
    yield* scanWhileOpen(this.#audits.byAgent(agentId));
  }

  /** Records of the log that could not be ingested, page by page in the order of the log. */
  async quarantined(page: PageOptions = {}): Promise<Page<QuarantinedRecord>> {
    return whileOpen(() => listQuarantined(this.#store, page, this.#queries.pageBytesMax));
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

  /** How the views are doing; `undefined` when none are kept. */
  get viewStatus(): MaterializerStatus | undefined {
    return this.#materializer?.status;
  }

  /** How the store is doing. */
  get storeStats(): StoreStats {
    return this.#store.stats();
  }

  /** Resolves once everything before `offset` of the log can be read. Rejects when ingest stops before that. */
  async waitUntilOffset(offset: number): Promise<void> {
    await this.#ingestor.waitUntilOffset(offset);
  }

  /** Resolves once the views have taken everything before `offset` of the log into account; at once without views. */
  async waitUntilViewsThrough(offset: number): Promise<void> {
    await this.#materializer?.waitUntilOffset(offset);
  }

  /** Rewrites the store into one run. Needs the space of both for a while. */
  async compact(): Promise<void> {
    await whileOpen(() => this.#store.compact());
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
        try {
          await this.#materializer?.close();
        } finally {
          await this.#store.close();
        }
      }
    }
  }

  #scan(prefix: Uint8Array): AsyncGenerator<Entry> {
    return scanWhileOpen(this.#store.scan({ prefix }));
  }

  async #take(
    body: Uint8Array,
    verification: Verification,
    keyOf: (hash: Hash) => Uint8Array,
  ): Promise<Receipt> {
    if (!verification.ok) throw new SignatureError(verification);
    const hash = this.#identityOf(verification.hash);
    return whileOpen(async () => {
      const stored = await this.#readIfPossible(keyOf(hash));
      if (stored !== undefined && !haveSameContent(stored, body)) throw new HashCollisionError(hash);
      const { offset, endOffset } = await this.#append(body);
      return { hash, offset, endOffset };
    });
  }

  /** A claim is taken though the store cannot be read now: ingest will look again. */
  async #readIfPossible(key: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#ports.sites.fires('submit.look-not')) return undefined;
    try {
      return await this.#store.get(key);
    } catch (error) {
      if (error instanceof StoreIoError || error instanceof StoreCorruptError) return undefined;
      throw error;
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
