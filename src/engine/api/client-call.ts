import type { z } from '@hono/zod-openapi';
import { ApiError, AttemptTimeoutError, UnreachableError } from './client-errors.ts';
import { type ClientOptions, defaultRetries, type RetryOptions } from './client-options.ts';
import type { Operation } from './operation.ts';
import { raceDeadline } from './race.ts';
import { type ProblemJson, problemSchema } from './schemas.ts';

/** What an operation is called with. */
export interface CallArguments {
  /** Parameters of the path. */
  readonly path?: Readonly<Record<string, string>>;
  /** What is `undefined` is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

export interface CallAnswer {
  readonly status: number;
  /** Checked against the schema of the status; `undefined` where there is none. */
  readonly value: unknown;
}

/** How one attempt ended. */
type Attempt =
  | { readonly kind: 'answered'; readonly answer: CallAnswer }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly problem: ProblemJson | undefined;
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'unreachable'; readonly cause: unknown };

/** Statuses that may be another next time. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Sends requests until there is an answer that will stay, or no attempts are left.
 *
 * Pauses grow exponentially and are jittered: half of each is fixed, half is drawn, so that many clients that
 * failed together do not come back together.
 */
export class Caller {
  readonly #options: ClientOptions;
  readonly #retries: RetryOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#retries = { ...defaultRetries, ...options.retries };
  }

  /** Rejects with `ApiError` or `UnreachableError`. */
  async call(operation: Operation, args: CallArguments): Promise<CallAnswer> {
    const { attemptsMax, retryAfterMsMax } = this.#retries;
    // Once an attempt may have written, no later one can say that nothing was.
    let indeterminate = false;
    for (let attempts = 1; ; attempts += 1) {
      const attempt = await this.#attempt(operation, args);
      if (attempt.kind === 'answered') return attempt.answer;
      indeterminate ||= operation.writes && mayHaveWritten(attempt);
      const retryAfterMs = attempt.kind === 'refused' ? attempt.retryAfterMs : 0;
      if (attempts >= attemptsMax || !isWorthAnother(operation, attempt) || retryAfterMs > retryAfterMsMax) {
        if (attempt.kind === 'refused') throw new ApiError(attempt.status, attempt.problem, indeterminate);
        throw new UnreachableError(attempts, indeterminate, attempt.cause);
      }
      await this.#options.ports.clock.sleep(Math.max(retryAfterMs, this.#backoffMs(attempts)));
    }
  }

  async #attempt(operation: Operation, args: CallArguments): Promise<Attempt> {
    const { ports } = this.#options;
    const { attemptTimeoutMs } = this.#retries;
    const aborter = new AbortController();
    const outcome = await raceDeadline(ports, `call ${operation.id}`, attemptTimeoutMs, () =>
      this.#send(operation, args, aborter.signal),
    );
    switch (outcome.kind) {
      case 'done':
        return outcome.value;
      case 'failed':
        return { kind: 'unreachable', cause: outcome.error };
      case 'late':
        aborter.abort();
        return { kind: 'unreachable', cause: new AttemptTimeoutError(attemptTimeoutMs) };
    }
  }

  async #send(operation: Operation, args: CallArguments, signal: AbortSignal): Promise<Attempt> {
    const response = await this.#options.fetch(this.#request(operation, args, signal));
    const { status } = response;
    const text = await response.text();
    const success = operation.successes.find((known) => known.status === status);
    if (success !== undefined) {
      const value = success.schema && checked(success.schema, text, operation.mediaType);
      return { kind: 'answered', answer: { status, value } };
    }
    const retryAfterMs =
      1000 * Number(/^[0-9]{1,9}$/.exec(response.headers.get('retry-after') ?? '0')?.[0] ?? 0);
    return { kind: 'refused', status, problem: problemIn(text), retryAfterMs };
  }

  #request({ method, path, mediaType }: Operation, args: CallArguments, signal: AbortSignal): Request {
    const { baseUrl, key } = this.#options;
    const parts = path.replaceAll(/\{(.+?)\}/g, (_, name: string) =>
      encodeURIComponent(args.path?.[name] ?? ''),
    );
    const query = Object.entries(args.query ?? {})
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
    const headers = new Headers({ Accept: mediaType });
    if (key !== undefined) headers.set('Authorization', `Bearer ${key}`);
    const init = { method: method.toUpperCase(), headers, signal };
    const url = `${baseUrl}${parts}${query.length === 0 ? '' : `?${query.join('&')}`}`;
    if (args.body === undefined) return new Request(url, init);
    headers.set('Content-Type', 'application/json');
    return new Request(url, { ...init, body: JSON.stringify(args.body) });
  }

  #backoffMs(attempts: number): number {
    const { backoffMs, backoffMsMax } = this.#retries;
    const [low = 0, high = 0] = this.#options.ports.entropy.bytes(2);
    const cappedMs = Math.min(backoffMsMax, backoffMs * 2 ** (attempts - 1));
    return (cappedMs / 2) * (1 + (low + 256 * high) / 2 ** 16);
  }
}

function mayHaveWritten(attempt: Exclude<Attempt, { kind: 'answered' }>): boolean {
  if (attempt.kind === 'unreachable') return true;
  const { status, problem } = attempt;
  return problem === undefined ? status >= 500 : problem.indeterminate === true;
}

/** What may have been done is sent again only where to do it twice is to do it once. */
function isWorthAnother(operation: Operation, attempt: Exclude<Attempt, { kind: 'answered' }>): boolean {
  if (attempt.kind === 'refused' && !PASSING.has(attempt.status)) return false;
  return operation.idempotent || !mayHaveWritten(attempt);
}

/** Throws for what is not the body that it should be: cut off, or somebody else's. */
function checked(schema: z.ZodType, text: string, mediaType: string): unknown {
  return schema.parse(mediaType === 'application/json' ? JSON.parse(text) : text);
}

function problemIn(text: string): ProblemJson | undefined {
  try {
    return problemSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
