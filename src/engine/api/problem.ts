import { ApiKeyInvalidError, ThrottledError, UnauthenticatedError } from '../access/index.ts';
import { type ErrorCode, StemeError } from '../errors.ts';
import { ValidationError } from '../model/index.ts';
import { RequestError } from './request-error.ts';
import type { ProblemJson } from './schemas.ts';
import { PROBLEM_TITLES, statusOf } from './status.ts';

const CONTENT_TYPE = 'application/problem+json';

/** Said of failures of the server: their messages name files and are for the log. */
const OUR_FAULT = 'The server could not do this, and its log says why. The code tells more; try again later.';

/**
 * Any error as a problem (RFC 9457). `indeterminate` says of a write that it may have taken effect.
 */
export function problemResponse(error: unknown, indeterminate = false): Response {
  const code: ErrorCode = error instanceof StemeError ? error.code : 'STEME_INTERNAL';
  const status = statusOf(code);
  const problem: ProblemJson = {
    type: `urn:stemedb:error:${code}`,
    title: PROBLEM_TITLES[status],
    status,
    detail: detailOf(error, status),
    code,
    ...(indeterminate && { indeterminate }),
    ...errorsOf(error),
  };
  const headers = { 'Content-Type': CONTENT_TYPE, ...headersOf(error, code) };
  return new Response(JSON.stringify(problem), { status, headers });
}

function detailOf(error: unknown, status: number): string {
  if (error instanceof StemeError && (status < 500 || error instanceof RequestError)) return error.message;
  return OUR_FAULT;
}

function errorsOf(error: unknown): Pick<ProblemJson, 'errors'> {
  if (error instanceof ValidationError || (error instanceof RequestError && error.field !== undefined)) {
    return { errors: [{ field: error.field ?? '', code: error.code, detail: error.message }] };
  }
  if (error instanceof ApiKeyInvalidError) {
    return { errors: error.issues.map((issue) => ({ ...issue, code: error.code })) };
  }
  return {};
}

function headersOf(error: unknown, code: ErrorCode): Readonly<Record<string, string>> {
  if (error instanceof RequestError) return error.headers;
  if (error instanceof ThrottledError) return { 'Retry-After': String(error.retryAfterSeconds) };
  if (error instanceof UnauthenticatedError) return { 'WWW-Authenticate': 'Bearer realm="stemedb"' };
  if (code === 'STEME_WAL_BUSY') return { 'Retry-After': '1' };
  return {};
}
