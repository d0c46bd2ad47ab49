import {
  AnswersModel,
  ClaimsModel,
  CollisionsModel,
  judgeViews,
  judgeVotes,
  type PlainClaim,
  sameBytes,
  type SeenAnswer,
  SmuggledModel,
  Violation,
  type WrittenRecord,
} from '../../check/index.ts';
import { toHex } from '../../crypto/index.ts';
import {
  type Assertion,
  assertionHash,
  encodeAssertion,
  encodeVote,
  haveSameContent,
  StemeError,
  type Vote,
  voteHash,
} from '../../engine/index.ts';
import type { ArenaContext } from '../context.ts';
import { type DatabaseDump } from '../store-dump.ts';
import { AuditLedger } from './audit-ledger.ts';
import type { Door, Question, Reply } from './door.ts';
import { judgeFreshness } from './freshness.ts';
import { quote } from './quote.ts';

/** Entries of `ranked` that the databases of the arenas answer with. */
export const rankedMax = 4;

/** What had been promised by some moment. */
export interface SocietyPromises {
  readonly claims: ClaimsModel;
  /** Hashes of the votes that were acknowledged. */
  readonly votes: ReadonlySet<string>;
}

/** A claim that somebody has tried to publish. */
export interface Published {
  readonly assertion: Assertion;
  readonly hash: Uint8Array;
  readonly author: string;
  /** Somebody was told that it is durable. */
  isAcknowledged: boolean;
}

/**
 * What everybody together did and saw. Agents act through it, so that the models hear of each thing that was
 * tried, promised and answered.
 */
export class Society {
  readonly published: Published[] = [];
  readonly claims = new ClaimsModel();
  readonly answers = new AnswersModel();
  readonly smuggled = new SmuggledModel();
  readonly #context: ArenaContext;
  readonly #publishedByHash = new Map<string, Published>();
  readonly #cast = new Map<string, { readonly vote: Vote; readonly written: WrittenRecord }>();
  readonly #collisions = new CollisionsModel();
  readonly #honoured = new Set<string>();
  readonly #seen: SeenAnswer[] = [];
  readonly #audits: AuditLedger;
  /** How far the log is known to have come. */
  #promisedThrough = 0;

  constructor(context: ArenaContext) {
    this.#context = context;
    this.#audits = new AuditLedger(context);
  }

  /** What was published under that hash. */
  find(hash: string): Published | undefined {
    return this.#publishedByHash.get(hash);
  }

  /** An honest vote for the claim was acknowledged. */
  honour({ hash }: Published): void {
    this.#honoured.add(toHex(hash));
  }

  /** Claims that must be there, with an honest vote. A vote may outlive a claim that nobody was promised. */
  honoured(): readonly Published[] {
    return this.published.filter(
      ({ hash, isAcknowledged }) => isAcknowledged && this.#honoured.has(toHex(hash)),
    );
  }

  /** How much was acknowledged. */
  get acknowledged(): { readonly claims: number; readonly votes: number } {
    let votes = 0;
    for (const { written } of this.answers.votes()) if (written.isAcknowledged) votes++;
    return { claims: this.claims.acknowledged, votes };
  }

  /** Publishes a claim. Whether there was an answer. */
  async submit(author: string, door: Door, assertion: Assertion, isIngested: boolean): Promise<boolean> {
    const hash = this.#context.identityOf(assertionHash(assertion));
    const name = toHex(hash);
    const { subject, predicate } = assertion;
    const bytes = encodeAssertion(assertion);
    let published = this.#publishedByHash.get(name);
    if (published !== undefined && !haveSameContent(encodeAssertion(published.assertion), bytes)) {
      const attempt = async (): Promise<unknown> => door.submit(assertion, isIngested);
      return this.#collide('submit', author, door, bytes, published.isAcknowledged, attempt);
    }
    this.claims.issue({ hash: name, subject, predicate, bytes });
    const written = this.answers.claim(plainClaim(name, assertion));
    if (published === undefined) {
      published = { assertion, hash, author, isAcknowledged: false };
      this.#publishedByHash.set(name, published);
      this.published.push(published);
    }
    this.#context.record('invoke', author, `claims ${describe(assertion)} (${name.slice(0, 8)})`);
    const isAnswered = await this.#write('submit', author, door, written, () =>
      door.submit(assertion, isIngested),
    );
    if (!isAnswered) return false;
    this.claims.acknowledge(name);
    published.isAcknowledged = true;
    return true;
  }

  /** Casts a vote. Whether there was an answer. */
  async vote(voter: string, door: Door, vote: Vote, isIngested: boolean): Promise<boolean> {
    const hash = toHex(this.#context.identityOf(voteHash(vote)));
    const assertion = toHex(vote.assertionHash);
    const bytes = encodeVote(vote);
    const before = this.#cast.get(hash);
    if (before !== undefined && !haveSameContent(encodeVote(before.vote), bytes)) {
      // Under another assertion it would be no collision, and the models could not tell the two apart.
      const isCertain =
        before.written.isAcknowledged && sameBytes(before.vote.assertionHash, vote.assertionHash);
      const attempt = async (): Promise<unknown> => door.vote(vote, isIngested);
      return this.#collide('vote', voter, door, bytes, isCertain, attempt);
    }
    const weightMillionths = BigInt(vote.weightMillionths);
    const written = this.answers.vote({
      hash,
      assertionHash: assertion,
      weightMillionths,
      timestamp: vote.timestamp,
    });
    this.#cast.set(hash, { vote, written });
    const weight = vote.weightMillionths / 1e6;
    this.#context.record('invoke', voter, `votes ${weight} on ${assertion.slice(0, 8)}`);
    return this.#write('vote', voter, door, written, () => door.vote(vote, isIngested));
  }

  /** Tries to make the database take what breaks a rule. `attempt` signs and sends it. */
  async provoke(actor: string, door: Door, what: string, attempt: () => Promise<unknown>): Promise<void> {
    this.#context.history.count('provoke');
    try {
      await attempt();
    } catch (error) {
      if (door.isUnanswered(error)) return;
      if (error instanceof StemeError && error.code !== 'STEME_INVARIANT') {
        this.#context.reached('arena.provocation-refused');
        return;
      }
      throw error;
    }
    throw new Violation({
      property: 'invalid-is-refused',
      category: 'phantom',
      message: `The database has taken ${what} from ${actor}.`,
      expected: 'a refusal with its code',
      actual: 'it was taken',
    });
  }

  /** Asks. `undefined` when there was no answer. */
  async query(asker: string, door: Door, question: Question): Promise<Reply | undefined> {
    const { agentId: _, ...query } = question;
    const about = `${quote(query.subject)} ${quote(query.predicate)}`;
    this.#context.record('invoke', asker, `asks lens ${query.lens} about ${about}`);
    const begun = this.#context.nowMicros;
    // The power may go between the answer and the asker's hearing of it.
    const { clockSteps } = this.#context.chaos;
    const { losses } = this.#audits;
    const reply = await this.#answered('query', asker, door, () => door.query(question));
    if (reply === undefined) return undefined;
    this.#context.latency('query', this.#context.nowMicros - begun);
    const answer: SeenAnswer = { query, ...reply };
    this.#seen.push(answer);
    this.#audits.answered(reply, answer, losses);
    if (reply.server !== undefined && clockSteps === this.#context.chaos.clockSteps) {
      judgeFreshness(query, reply, reply.server);
    }
    const { winner, candidatesCount } = reply.resolution;
    const won = winner === undefined ? 'nobody' : winner.slice(0, 8);
    this.#context.record('ok', asker, `hears from lens ${query.lens}: ${won} of ${candidatesCount}`);
    return reply;
  }

  /** Reads one claim. */
  async read(reader: string, door: Door, { hash, assertion }: Published): Promise<void> {
    this.#context.record('invoke', reader, `reads ${describe(assertion)} (${toHex(hash).slice(0, 8)})`);
    const begun = this.#context.nowMicros;
    const found = await this.#answered('read', reader, door, async () => ({
      assertion: await door.get(hash),
    }));
    if (found === undefined) return;
    this.#context.latency('read', this.#context.nowMicros - begun);
    // It may not have been ingested yet; what is there must be right.
    if (found.assertion !== undefined) this.claims.observe(toHex(hash), encodeAssertion(found.assertion));
  }

  /** Judges everything that a database holds once it has caught up with its log. How much was verified. */
  judgeStore(found: DatabaseDump): { readonly claims: number; readonly votes: number } {
    this.smuggled.judge(found.quarantine);
    const rightly = this.#collisions.judge(found.quarantine) + this.smuggled.countIn(found.quarantine);
    const quarantined = found.quarantined - rightly;
    const dump = { ...found, quarantined };
    const verified = { claims: this.claims.judge(dump), votes: judgeVotes(this.answers, dump) };
    judgeViews(this.answers, dump, rankedMax);
    this.#audits.judge(dump);
    return verified;
  }

  /** What has been promised so far, for judging an image of this moment later. */
  promised(): SocietyPromises {
    const votes = new Set<string>();
    for (const { item, written } of this.answers.votes()) if (written.isAcknowledged) votes.add(item.hash);
    return { claims: this.claims.copy(), votes };
  }

  /**
   * Judges what a database holds after a power loss at an earlier moment, once it has caught up with its log. Of audits
   * nothing is promised then.
   */
  judgeImage(found: DatabaseDump, promised: SocietyPromises): void {
    const quarantined = found.quarantined - this.smuggled.countIn(found.quarantine);
    const dump = { ...found, quarantined };
    promised.claims.copy().judge(dump);
    const { answers } = this;
    const votes = [...answers.votes()].map(({ item }) => ({
      item,
      written: { isAcknowledged: promised.votes.has(item.hash) },
    }));
    judgeVotes({ votes: () => votes, findVote: (hash) => answers.findVote(hash) }, dump);
    judgeViews(answers, dump, rankedMax);
  }

  /** Judges all answers. To be called at the end, when it is known what was promised. */
  judgeAnswers(): void {
    for (const answer of this.#seen) {
      this.#context.sometimes('arena.answer-not-judged', !this.answers.judge(answer, rankedMax));
    }
  }

  /**
   * Writes content whose identity other content has. Only once that is in the log for certain: before, nobody
   * could say which of the two is to be refused, and the writer lets it be. Whether there was an answer.
   */
  async #collide(
    operation: string,
    actor: string,
    door: Door,
    body: Uint8Array,
    isCertain: boolean,
    attempt: () => Promise<unknown>,
  ): Promise<boolean> {
    if (!isCertain) return false;
    this.#context.chaos.met('hash-collision');
    this.#collisions.attempt(body);
    try {
      await attempt();
      this.#collisions.acknowledge(body);
      this.#context.reached('arena.collision-acknowledged');
    } catch (error) {
      if (door.isUnanswered(error)) return false;
      if ((error as { code?: unknown }).code !== 'STEME_HASH_COLLISION')
        throw refused(operation, actor, error);
      this.#context.reached('arena.collision-refused');
    }
    this.#context.record('info', actor, `has met a collision with its ${operation}`);
    return false;
  }

  async #write(
    operation: string,
    actor: string,
    door: Door,
    written: WrittenRecord,
    work: () => Promise<number>,
  ): Promise<boolean> {
    const begun = this.#context.nowMicros;
    const beganAt = this.#promisedThrough;
    if (door.retries) written.leaveOpen(beganAt);
    const answer = await this.#answered(operation, actor, door, async () => ({ endOffset: await work() }));
    if (answer === undefined) {
      written.leaveOpen(beganAt);
      return false;
    }
    this.#context.latency(operation, this.#context.nowMicros - begun);
    written.acknowledge(answer.endOffset);
    this.#promisedThrough = Math.max(this.#promisedThrough, answer.endOffset);
    this.#context.record('ok', actor, `is promised it, up to offset ${answer.endOffset}`);
    return true;
  }

  /** Whether it is a refusal of what the scenario leaves no memory for. */
  #isOverBudget(error: unknown): boolean {
    const { memory } = this.#context.scenario;
    const { code } = (error ?? {}) as { code?: unknown };
    return (
      (code === 'STEME_QUERY_TOO_LARGE' && memory?.lensesBytesMax !== undefined) ||
      (code === 'STEME_BODY_TOO_LARGE' && memory?.bodyBytesMax !== undefined)
    );
  }

  async #answered<T>(
    operation: string,
    actor: string,
    door: Door,
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    this.#context.history.count(operation);
    try {
      return await work();
    } catch (error) {
      if (this.#isOverBudget(error)) {
        this.#context.chaos.met('memory-budget');
        this.#context.record('fail', actor, `is told that "${operation}" takes too much memory`);
        return undefined;
      }
      if (!door.isUnanswered(error)) throw refused(operation, actor, error);
      this.#context.record('info', actor, `gets no answer to "${operation}"`);
      return undefined;
    }
  }
}

/** Agents do only what they may: whoever refuses that is wrong. What is no refusal stays what it is. */
function refused(operation: string, actor: string, error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  if (!(error instanceof Error) || typeof code !== 'string' || code === 'STEME_INVARIANT') return error;
  const detail = {
    property: 'valid-is-taken',
    category: 'refused',
    code,
    message: `The database refuses to ${operation} for ${actor}, who did nothing wrong.`,
    expected: 'an answer',
    actual: error.message,
  } as const;
  return new Violation(detail, { cause: error });
}

function plainClaim(hash: string, assertion: Assertion): PlainClaim {
  const { subject, predicate, object, lifecycle, timestamp, confidence } = assertion;
  return { hash, subject, predicate, object, lifecycle, timestamp, confidence };
}

function describe({ subject, predicate, object }: Assertion): string {
  return [subject, predicate, String(object.value)].map(quote).join(' ');
}
