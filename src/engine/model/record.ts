import { decodeAssertion } from './assertion-codec.ts';
import { DecodeError } from './errors.ts';
import { KIND_ASSERTION, KIND_VOTE } from './format.ts';
import type { Assertion, Vote } from './types.ts';
import { decodeVote } from './vote-codec.ts';

/** What one payload of the log holds. */
export type ModelRecord =
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'vote'; readonly vote: Vote };

/** Reads an encoded assertion or an encoded vote; its first byte says which. Throws `DecodeError`. */
export function decodeRecord(bytes: Uint8Array): ModelRecord {
  switch (bytes[0]) {
    case KIND_ASSERTION:
      return { kind: 'assertion', assertion: decodeAssertion(bytes) };
    case KIND_VOTE:
      return { kind: 'vote', vote: decodeVote(bytes) };
    case undefined:
      throw new DecodeError('STEME_DECODE_TRUNCATED', 0);
    default:
      throw new DecodeError('STEME_DECODE_KIND', 0);
  }
}
