import { nodeSignatures, toHex } from '../../crypto/index.ts';
import type { QueryAudit } from '../audit/index.ts';
import type { IngestStatus, QuarantinedRecord } from '../ingest/index.ts';
import { type Candidate, findLens, type VoteTally } from '../lens/index.ts';
import {
  type Assertion,
  assertionHash,
  auditKey,
  encodeAssertion,
  encodeVote,
  type Hash,
  SignatureError,
  verifyAssertion,
  verifyVote,
  type Vote,
  voteHash,
} from '../model/index.ts';
import { afterOf, limitOf } from '../query/page.ts';
import type { Answer, ClaimFilter, ListedClaim, Page, PageOptions, Query } from '../query/types.ts';
import type { Receipt } from '../stemedb.ts';
import type { ServedDatabase } from './database.ts';

/** A database in memory: the model and the lenses are real, the log is a number, and failures are on order. */
export class FakeDatabase implements ServedDatabase {
  readonly assertions = new Map<string, Assertion>();
  readonly votes = new Map<string, Vote>();
  readonly audits = new Map<string, QueryAudit>();
  readonly quarantine: QuarantinedRecord[] = [];
  durableOffset = 0;
  /** Calls that reached it. */
  calls = 0;
  /** Each call waits for this. */
  gate: () => Promise<void> = async () => {};
  /** As `gate`, for those who wait for ingest. */
  ingestGate: () => Promise<void> = async () => {};
  /** Each call rejects with this. */
  failure: unknown;
  stopped: unknown;

  get ingestStatus(): IngestStatus {
    return { cursor: this.durableOffset, checkpoint: 0, lagBytes: 0, stopped: this.stopped };
  }

  /** All that it holds, to be compared. */
  get contents(): unknown {
    return [[...this.assertions], [...this.votes], [...this.audits], this.durableOffset];
  }

  async submit(assertion: Assertion): Promise<Receipt> {
    await this.#enter();
    const { length } = encodeAssertion(assertion);
    const verification = verifyAssertion(assertion, nodeSignatures);
    if (!verification.ok) throw new SignatureError(verification);
    this.assertions.set(toHex(verification.hash), assertion);
    return this.#append(verification.hash, length);
  }

  async vote(vote: Vote): Promise<Receipt> {
    await this.#enter();
    const { length } = encodeVote(vote);
    const verification = verifyVote(vote, nodeSignatures);
    if (!verification.ok) throw new SignatureError(verification);
    this.votes.set(toHex(voteHash(vote)), vote);
    return this.#append(verification.hash, length);
  }

  async get(hash: Hash): Promise<Assertion | undefined> {
    await this.#enter();
    return this.assertions.get(toHex(hash));
  }

  async tally(hash: Hash): Promise<VoteTally> {
    await this.#enter();
    return this.#tally(hash);
  }

  async query(query: Query): Promise<Answer> {
    await this.#enter();
    const fold = findLens(query.lens).begin({ rankedMax: 10 });
    for (const candidate of this.#candidates(query)) fold.add(candidate);
    const resolution = fold.finish();
    const queryId = `query ${this.audits.size}`;
    const { agentId, ...asked } = query;
    this.audits.set(queryId, {
      queryId,
      agentId,
      timestamp: 1,
      query: asked,
      resultHash: resolution.winner,
      resultConfidence: resolution.resolutionConfidence,
      candidatesCount: resolution.candidatesCount,
      contributing: resolution.ranked,
    });
    const winner = resolution.winner && this.assertions.get(toHex(resolution.winner));
    return {
      queryId,
      lens: query.lens,
      resolution,
      winner,
      throughOffset: this.durableOffset,
      view: query.maxStaleMs === undefined ? { materializedAtMs: 7 } : undefined,
      audited: true,
    };
  }

  async list(filter: ClaimFilter, options: PageOptions = {}): Promise<Page<ListedClaim>> {
    await this.#enter();
    const limit = limitOf(options);
    const after = afterOf(options, /^[0-9a-f]{64}$/) ?? '';
    const rest = this.#candidates(filter).filter(({ hash }) => toHex(hash) > after);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return { items, next: rest.length > limit && last !== undefined ? toHex(last.hash) : undefined };
  }

  async audit(queryId: string): Promise<QueryAudit | undefined> {
    await this.#enter();
    auditKey(queryId);
    return this.audits.get(queryId);
  }

  async quarantined(options: PageOptions = {}): Promise<Page<QuarantinedRecord>> {
    await this.#enter();
    afterOf(options, /^[0-9]+$/);
    return { items: this.quarantine.slice(0, limitOf(options)), next: undefined };
  }

  async waitUntilOffset(_offset: number): Promise<void> {
    await this.ingestGate();
  }

  async #enter(): Promise<void> {
    this.calls += 1;
    await this.gate();
    if (this.failure !== undefined) throw this.failure;
  }

  #append(hash: Hash, length: number): Receipt {
    const offset = this.durableOffset;
    this.durableOffset += length;
    return { hash, offset, endOffset: this.durableOffset };
  }

  #candidates({ subject, predicate, lifecycle, asOf = Infinity }: ClaimFilter): Candidate[] {
    return [...this.assertions.values()]
      .filter(
        (assertion) =>
          assertion.subject === subject &&
          (predicate === undefined || assertion.predicate === predicate) &&
          (lifecycle === undefined || assertion.lifecycle === lifecycle) &&
          assertion.timestamp <= asOf,
      )
      .map((assertion) => ({ assertion, hash: assertionHash(assertion) }))
      .map(({ assertion, hash }) => ({ assertion, hash, votes: this.#tally(hash) }))
      .toSorted((one, other) => Buffer.compare(one.hash, other.hash));
  }

  #tally(hash: Hash): VoteTally {
    const votes = [...this.votes.values()].filter((vote) => toHex(vote.assertionHash) === toHex(hash));
    const weight = votes.reduce((sum, { weightMillionths }) => sum + BigInt(weightMillionths), 0n);
    return { count: votes.length, weightMillionths: weight };
  }
}
