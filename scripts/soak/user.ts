import { nodeSignatures, toHex } from '../../src/crypto/index.ts';
import {
  ApiError,
  type AssertionInput,
  type StemeClient,
  UnreachableError,
} from '../../src/engine/api/index.ts';
import {
  assertionFromJson,
  assertionHash,
  assertionToJson,
  signAssertion,
  signVote,
  voteToJson,
} from '../../src/engine/index.ts';

/** What the server has promised to keep. */
export interface Promised {
  /** Hashes of claims. */
  readonly claims: Set<string>;
  /** By the hash of the claim: votes that were acknowledged, and all that were ever sent. */
  readonly votes: Map<string, { acknowledged: number; sent: number }>;
}

/** What users did, all of them together. */
export interface Activity {
  reads: number;
  /** Calls that came to nothing, as the server was not there. */
  unanswered: number;
  /** What no server may do. */
  readonly complaints: string[];
}

/** Numbers below a bound. */
export interface Random {
  below(bound: number): number;
}

const subjects = 50;
const predicates = ['revenue', 'population', 'colour'];

/** Somebody who claims, votes and asks, one thing after the other, until it is over. */
export class User {
  readonly #client: StemeClient;
  readonly #secretKey: Uint8Array;
  readonly #random: Random;
  readonly #promised: Promised;
  readonly #activity: Activity;
  readonly #mine: string[] = [];
  #nth = 0;

  constructor(
    client: StemeClient,
    secretKey: Uint8Array,
    random: Random,
    promised: Promised,
    activity: Activity,
  ) {
    this.#client = client;
    this.#secretKey = secretKey;
    this.#random = random;
    this.#promised = promised;
    this.#activity = activity;
  }

  async actUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      try {
        await this.#act();
      } catch (error) {
        this.#judge(error);
      }
    }
  }

  async #act(): Promise<void> {
    const known = this.#mine[this.#random.below(Math.max(1, this.#mine.length))];
    const dice = this.#random.below(10);
    if (known === undefined || dice < 5) return this.#claim();
    if (dice < 7) return this.#vote(known);
    if (dice < 8) return this.#read(known);
    return this.#query();
  }

  async #claim(): Promise<void> {
    const content = {
      subject: `subject/${this.#random.below(subjects)}`,
      predicate: this.#predicate(),
      object: { type: 'number', value: this.#random.below(5) },
      lifecycle: 'proposed',
      confidence: 0.5,
      timestamp: (this.#nth += 1),
    } as const;
    const assertion = signAssertion(content, [this.#secretKey], nodeSignatures);
    const wait = this.#random.below(4) === 0 ? { wait: 'ingested' as const } : {};
    const { hash } = await this.#client.submit(assertionToJson(assertion) as AssertionInput, wait);
    if (hash !== toHex(assertionHash(assertion))) this.#complain(`a claim was given another hash: ${hash}`);
    this.#promised.claims.add(hash);
    this.#mine.push(hash);
  }

  async #vote(hash: string): Promise<void> {
    const entry = this.#promised.votes.get(hash) ?? { acknowledged: 0, sent: 0 };
    this.#promised.votes.set(hash, entry);
    const assertionBytes = Uint8Array.from(Buffer.from(hash, 'hex'));
    const content = {
      assertionHash: assertionBytes,
      weightMillionths: 1_000_000,
      timestamp: (this.#nth += 1),
    };
    entry.sent += 1;
    await this.#client.vote(voteToJson(signVote(content, this.#secretKey, nodeSignatures)));
    entry.acknowledged += 1;
  }

  /** It need not be there yet, after a restart; if it is, it is what it was. */
  async #read(hash: string): Promise<void> {
    const found = await this.#client.get(hash);
    this.#activity.reads += 1;
    if (found === undefined || toHex(assertionHash(assertionFromJson(found))) === hash) return;
    this.#complain(`claim ${hash} has changed`);
  }

  async #query(): Promise<void> {
    const subject = `subject/${this.#random.below(subjects)}`;
    const { resolution, winner } = await this.#client.query({
      subject,
      predicate: this.#predicate(),
      lens: this.#random.below(2) === 0 ? 'consensus' : 'vote-aware-consensus',
    });
    this.#activity.reads += 1;
    if ((resolution.candidatesCount === 0) === (winner === undefined)) return;
    this.#complain(
      `a query about ${subject} has ${resolution.candidatesCount} candidates and the wrong winner`,
    );
  }

  #predicate(): string {
    return predicates[this.#random.below(predicates.length)] ?? '';
  }

  #judge(error: unknown): void {
    const isAbsence =
      error instanceof UnreachableError || (error instanceof ApiError && error.status === 503);
    if (isAbsence) this.#activity.unanswered += 1;
    else this.#complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  #complain(complaint: string): void {
    this.#activity.complaints.push(complaint);
  }
}
