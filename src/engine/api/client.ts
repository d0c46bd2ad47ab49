import type { z } from '@hono/zod-openapi';
import type { AssertionJson, Lifecycle } from '../model/index.ts';
import type { NewApiKey } from '../access/index.ts';
import { type CallArguments, Caller } from './client-call.ts';
import { ApiError } from './client-errors.ts';
import type { ClientOptions } from './client-options.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import type {
  AnswerJson,
  AssertionInput,
  AssertionOutput,
  AuditJson,
  ClaimPageJson,
  HealthJson,
  IssuedKeyJson,
  KeyPageJson,
  QuarantinePageJson,
  ReceiptJson,
  TallyJson,
  VoteInput,
} from './schemas.ts';

export interface WriteOptions {
  /** Answer when it can be read, not as soon as it is durable. */
  readonly wait?: 'ingested';
}

/** What was written is durable. */
export interface WriteReceipt extends ReceiptJson {
  /** Whether it can be read, as far as the answer says: only after a wait. */
  readonly ingested: boolean;
}

export interface PageQuery {
  readonly limit?: number;
  readonly after?: string;
}

export interface QuestionFilter {
  readonly subject: string;
  readonly predicate: string;
  readonly lifecycle?: Lifecycle;
  readonly asOf?: number;
  /** Who asks; one that the key may speak for. */
  readonly agentId?: string;
}

/**
 * The API, typed. Hashes and keys are lower-case hex, as in JSON.
 *
 * What fails for a while is tried again, which is safe: claims and votes that are sent twice count once. Methods
 * reject with `ApiError` or `UnreachableError`; both say of a write whether it may have taken effect.
 */
export class StemeClient {
  readonly #caller: Caller;

  constructor(options: ClientOptions) {
    this.#caller = new Caller(options);
  }

  /** The claim is durable when it resolves. */
  async submit(
    assertion: AssertionInput | AssertionJson,
    { wait }: WriteOptions = {},
  ): Promise<WriteReceipt> {
    return this.#write(operations.submitAssertion, wait, assertion);
  }

  /** The vote is durable when it resolves. */
  async vote(vote: VoteInput, { wait }: WriteOptions = {}): Promise<WriteReceipt> {
    return this.#write(operations.castVote, wait, vote);
  }

  /** `undefined` when no such claim has been ingested (yet). */
  async get(hash: string): Promise<AssertionOutput | undefined> {
    return unlessNotFound(this.#read(operations.getAssertion, { path: { hash } }));
  }

  async tally(assertionHash: string): Promise<TallyJson> {
    return this.#read(operations.getTally, { path: { assertionHash } });
  }

  async list(
    filter: Omit<QuestionFilter, 'agentId' | 'predicate'> & { readonly predicate?: string },
    page: PageQuery = {},
  ): Promise<ClaimPageJson> {
    return this.#read(operations.listAssertions, { query: { ...filter, ...page } });
  }

  async query(
    question: QuestionFilter & { readonly lens: string; readonly maxStale?: number },
  ): Promise<AnswerJson> {
    return this.#read(operations.query, { query: { ...question } });
  }

  async skeptic(question: QuestionFilter): Promise<AnswerJson> {
    return this.#read(operations.skeptic, { query: { ...question } });
  }

  /** `undefined` when there is none that this key may see. */
  async audit(queryId: string): Promise<AuditJson | undefined> {
    return unlessNotFound(this.#read(operations.getAudit, { path: { queryId } }));
  }

  async quarantine(page: PageQuery = {}): Promise<QuarantinePageJson> {
    return this.#read(operations.listQuarantine, { query: { ...page } });
  }

  async listKeys(page: PageQuery = {}): Promise<KeyPageJson> {
    return this.#read(operations.listKeys, { query: { ...page } });
  }

  /** Not sent again when it is unknown whether a key was made: look for it with `listKeys`. */
  async createKey(key: NewApiKey): Promise<IssuedKeyJson> {
    return this.#read(operations.createKey, { body: key });
  }

  /** `false` when there is no such key. */
  async revokeKey(id: string): Promise<boolean> {
    const answer = await unlessNotFound(this.#caller.call(operations.revokeKey, { path: { id } }));
    return answer !== undefined;
  }

  /** Rejects with `ApiError` of status 503 while the server is not ready. */
  async health(): Promise<HealthJson> {
    return this.#read(operations.health, {});
  }

  /** Prometheus text 0.0.4. */
  async metrics(): Promise<string> {
    return this.#read(operations.metrics, {});
  }

  async #write(operation: Write, wait: 'ingested' | undefined, body: unknown): Promise<WriteReceipt> {
    const { status, value } = await this.#caller.call(operation, { query: { wait }, body });
    return { ...(value as Body<Write>), ingested: wait !== undefined && status === 201 };
  }

  /** The caller has held the value against the schema that its type is inferred from. */
  async #read<Read extends Operation>(operation: Read, args: CallArguments): Promise<Body<Read>> {
    return (await this.#caller.call(operation, args)).value as Body<Read>;
  }
}

type Write = typeof operations.submitAssertion | typeof operations.castVote;

/** What an operation answers with when it succeeds. */
type Body<Done extends Operation> = Done['successes'][number] extends {
  readonly schema: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : undefined;

async function unlessNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'STEME_NOT_FOUND') return undefined;
    throw error;
  }
}
