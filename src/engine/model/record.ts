import { decodeAssertion } from './assertion-codec.ts';
import { equalBytes } from './bytes.ts';
import { DecodeError } from './errors.ts';
import { KIND_ASSERTION, KIND_VOTE, SIGNATURE_BYTES } from './format.ts';
import { SIGNER_BYTES } from './signers.ts';
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

/**
 * Whether two encoded records claim the same, or are the same vote, whoever signed them. At least one of them
 * must be sound; one that is damaged is like no other.
 */
export function haveSameContent(one: Uint8Array, other: Uint8Array): boolean {
  return one[0] === other[0] && equalBytes(contentOf(one), contentOf(other));
}

/** What the hash of a record is over, without its tag. The encoding is canonical, so nothing needs be decoded. */
function contentOf(record: Uint8Array): Uint8Array {
  const [kind, , count = 0] = record;
  return kind === KIND_ASSERTION
    ? record.subarray(3, Math.max(3, record.length - count * SIGNER_BYTES))
    : record.subarray(2, Math.max(2, record.length - SIGNATURE_BYTES));
}
