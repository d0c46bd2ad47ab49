import { type ErrorCode, StemeError } from '../errors.ts';
import {
  DECODE_CODES,
  type DecodeCode,
  VALIDATION_CODES,
  type ValidationCode,
  type VerificationCode,
} from '../model/index.ts';
import { WalPoisonedError } from '../wal/index.ts';
import { REQUEST_CODES } from './request-error.ts';

/** Every status that the API answers with when something is refused or fails. */
export const PROBLEM_TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export type ProblemStatus = keyof typeof PROBLEM_TITLES;

/** A refusal of the model is 422: the request was understood, and what it says breaks a rule. */
const VERIFICATION_STATUS: Readonly<Record<VerificationCode, ProblemStatus>> = {
  STEME_SIGNATURE_INVALID: 422,
};

/** The status that goes with each code of the engine. A test holds it against the sources. */
export const STATUS_OF_CODE: Readonly<Record<string, ProblemStatus | undefined>> = {
  ...all<ValidationCode>(VALIDATION_CODES, 422),
  ...VERIFICATION_STATUS,
  // Nothing that a request holds is decoded as a record: these say that the store is damaged.
  ...all<DecodeCode>(DECODE_CODES, 500),
  ...REQUEST_CODES,

  STEME_UNAUTHENTICATED: 401,
  STEME_FORBIDDEN_AGENT: 403,
  STEME_FORBIDDEN_ROLE: 403,
  STEME_API_KEY_INVALID: 422,
  STEME_QUOTA_EXCEEDED: 429,
  STEME_RATE_LIMITED: 429,

  STEME_PAGE_INVALID: 400,
  STEME_LENS_UNKNOWN: 422,
  STEME_QUERY_TOO_LARGE: 422,

  STEME_CLOSED: 503,
  STEME_HASH_COLLISION: 409,
  STEME_INGEST_STOPPED: 503,
  STEME_RECORD_UNSUPPORTED: 500,

  STEME_WAL_BODY_TOO_LARGE: 413,
  STEME_WAL_BUSY: 503,
  STEME_WAL_CHANGED: 503,
  STEME_WAL_CLOSED: 503,
  STEME_WAL_CORRUPT: 500,
  STEME_WAL_IO: 503,
  STEME_WAL_OFFSET: 500,
  STEME_WAL_OPTIONS: 500,
  STEME_WAL_POISONED: 503,
  STEME_WAL_VERSION: 500,

  STEME_KV_BATCH: 500,
  STEME_KV_CLOSED: 503,
  STEME_KV_CORRUPT: 500,
  STEME_KV_COUNTER: 500,
  STEME_KV_INDETERMINATE: 503,
  STEME_KV_IO: 503,
  STEME_KV_POISONED: 503,
  STEME_KV_VERSION: 500,

  STEME_INVARIANT: 500,
};

/** Of codes that this table does not know: 500, for nobody has said that the request is to blame. */
export function statusOf(code: ErrorCode): ProblemStatus {
  return STATUS_OF_CODE[code] ?? 500;
}

/** Failures at which a write is known to have done nothing. */
const NOTHING_WRITTEN: ReadonlySet<string> = new Set([
  'STEME_CLOSED',
  'STEME_KV_CLOSED',
  'STEME_KV_POISONED',
  'STEME_WAL_BUSY',
  'STEME_WAL_CLOSED',
] satisfies ErrorCode[]);

/** Whether a write that failed so may have taken effect all the same. */
export function isIndeterminate(error: unknown): boolean {
  if (error instanceof WalPoisonedError) return error.indeterminate;
  if (!(error instanceof StemeError)) return true;
  return statusOf(error.code) >= 500 && !NOTHING_WRITTEN.has(error.code);
}

function all<Code extends string>(codes: Readonly<Record<Code, string>>, status: ProblemStatus) {
  return Object.fromEntries(Object.keys(codes).map((code) => [code, status])) as Record<Code, ProblemStatus>;
}
