import { type ErrorCode, StemeError } from '../errors.ts';
import type { ProblemJson } from './schemas.ts';

/** The server has refused the request, or failed at it. */
export class ApiError extends StemeError {
  readonly status: number;
  /** What the server says of it; absent when something in between answered in its place. */
  readonly problem: ProblemJson | undefined;
  /**
   * Of a write: whether it may have taken effect, now or in an attempt before the last. To make the same claim
   * or vote again is safe.
   */
  readonly indeterminate: boolean;

  constructor(status: number, problem: ProblemJson | undefined, indeterminate: boolean) {
    const code = (problem?.code ?? 'STEME_UNEXPECTED_ANSWER') as ErrorCode;
    super(
      code,
      problem?.detail ?? `Status ${status}, and nothing of StemeDB's: check the address and what is between.`,
    );
    this.status = status;
    this.problem = problem;
    this.indeterminate = indeterminate;
  }
}

/** There was no answer, or none that could be read to its end; `cause` is what the last attempt ended in. */
export class UnreachableError extends StemeError {
  /** As of an `ApiError`. */
  readonly indeterminate: boolean;

  constructor(attempts: number, indeterminate: boolean, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const outcome = indeterminate ? ' It may have been written all the same; to send it again is safe.' : '';
    super('STEME_UNREACHABLE', `No answer in ${attempts} attempts, the last: ${reason}.${outcome}`, {
      cause,
    });
    this.indeterminate = indeterminate;
  }
}

/** One attempt took longer than it may. */
export class AttemptTimeoutError extends StemeError {
  constructor(timeoutMs: number) {
    super('STEME_ATTEMPT_TIMEOUT', `no answer within ${timeoutMs} ms; allow more if the server is only slow`);
  }
}
