import type { Signatures } from '../../ports/index.ts';
import { type ErrorCode, StemeError } from '../errors.ts';
import {
  type Assertion,
  decodeRecord,
  type Hash,
  type IdentityOf,
  verifyAssertionAside,
  verifyVoteAside,
  type Vote,
} from '../model/index.ts';

/** What a record of the log is, found without looking at anything else. */
export type Judged =
  | { readonly kind: 'assertion'; readonly assertion: Assertion; readonly hash: Hash }
  | { readonly kind: 'vote'; readonly vote: Vote; readonly hash: Hash }
  | { readonly kind: 'refused'; readonly code: ErrorCode };

/** Decodes and verifies; whatever is wrong with the record itself is a verdict, not an exception. */
export async function judge(
  body: Uint8Array,
  signatures: Signatures,
  identityOf: IdentityOf,
): Promise<Judged> {
  try {
    const record = decodeRecord(body);
    if (record.kind === 'assertion') {
      const verification = await verifyAssertionAside(record.assertion, signatures);
      if (!verification.ok) return { kind: 'refused', code: verification.code };
      return { kind: 'assertion', assertion: record.assertion, hash: identityOf(verification.hash) };
    }
    const verification = await verifyVoteAside(record.vote, signatures);
    if (!verification.ok) return { kind: 'refused', code: verification.code };
    return { kind: 'vote', vote: record.vote, hash: identityOf(verification.hash) };
  } catch (error) {
    if (error instanceof StemeError && error.code !== 'STEME_INVARIANT') {
      return { kind: 'refused', code: error.code };
    }
    throw error;
  }
}
