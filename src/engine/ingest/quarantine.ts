import type { ErrorCode } from '../errors.ts';

/** A record of the log that could not be ingested: it is kept with the reason, and blocks nothing. */
export interface QuarantinedRecord {
  /** Where in the log it was. */
  readonly offset: number;
  /** Why: a code of the model. */
  readonly code: ErrorCode;
  /** The record as it was in the log. */
  readonly body: Uint8Array;
}

/*
 * The value under a quarantine key.
 *
 *   0   codeLength  u8
 *   1   code        ASCII
 *       body        the rest
 */

export function encodeQuarantined({ code, body }: Omit<QuarantinedRecord, 'offset'>): Uint8Array {
  const bytes = new Uint8Array(1 + code.length + body.length);
  bytes[0] = code.length;
  for (let index = 0; index < code.length; index++) bytes[1 + index] = code.charCodeAt(index);
  bytes.set(body, 1 + code.length);
  return bytes;
}

/** Reads what `encodeQuarantined` wrote. */
export function decodeQuarantined(offset: number, bytes: Uint8Array): QuarantinedRecord {
  const codeEnd = 1 + (bytes[0] ?? 0);
  const code = String.fromCharCode(...bytes.subarray(1, codeEnd)) as ErrorCode;
  return { offset, code, body: bytes.slice(codeEnd) };
}
