import { StemeError } from '../errors.ts';

/** Why a request is refused before the model or the database sees it, and with which status. */
export const REQUEST_CODES = {
  STEME_BODY_INTERRUPTED: 400,
  STEME_BODY_NOT_JSON: 400,
  STEME_BODY_NOT_UTF8: 400,
  STEME_PARAMETER_DUPLICATE: 400,
  STEME_PARAMETER_ENCODING: 400,
  STEME_PARAMETER_INVALID: 400,
  STEME_PARAMETER_MISSING: 400,
  STEME_PARAMETER_UNKNOWN: 400,
  STEME_NOT_FOUND: 404,
  STEME_ROUTE_UNKNOWN: 404,
  STEME_METHOD_NOT_ALLOWED: 405,
  STEME_NOT_ACCEPTABLE: 406,
  STEME_BODY_TOO_SLOW: 408,
  STEME_BODY_TOO_LARGE: 413,
  STEME_URL_TOO_LONG: 414,
  STEME_MEDIA_TYPE: 415,
  STEME_HEADERS_TOO_LARGE: 431,
  STEME_INTERNAL: 500,
  STEME_DEADLINE_PASSED: 503,
  STEME_NOT_READY: 503,
} as const;

export type RequestCode = keyof typeof REQUEST_CODES;

/** A request that is refused as such. Nothing was written. */
export class RequestError extends StemeError {
  declare readonly code: RequestCode;

  /** The parameter that is to blame, if one is. */
  readonly field: string | undefined;
  /** To be sent with the refusal. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: RequestCode,
    message: string,
    { field, headers = {} }: { field?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(code, message);
    this.field = field;
    this.headers = headers;
  }
}
