import type { KeyValueReader } from '../kv/index.ts';
import type { Candidate } from '../lens/index.ts';
import {
  type Assertion,
  assertionKey,
  decodeAssertion,
  type Hash,
  hashOfSubjectKey,
  hashOfSubjectPredicateKey,
  type Lifecycle,
  subjectKey,
  subjectPredicateKey,
  subjectPredicatePrefix,
  subjectPrefix,
} from '../model/index.ts';
import { invariant } from '../errors.ts';
import { readTally, tallyAsOf } from '../votes/index.ts';

/** Which claims a question is about. */
export interface ClaimFilter {
  readonly subject: string;
  /** Absent: any. */
  readonly predicate?: string | undefined;
  /** Only claims of that lifecycle. */
  readonly lifecycle?: Lifecycle | undefined;
  /** Only claims and votes whose own timestamp is at most this: what could be known then. */
  readonly asOf?: number | undefined;
}

/**
 * The claims that pass the filter, with their votes, in the order of their hashes, one at a time. Reads from
 * `store` as it goes: give it a snapshot if the claims must belong together.
 */
export async function* candidatesOf(
  store: KeyValueReader,
  filter: ClaimFilter,
  after?: Hash,
): AsyncGenerator<Candidate> {
  const { subject, predicate, asOf } = filter;
  const prefix =
    predicate === undefined ? subjectPrefix(subject) : subjectPredicatePrefix(subject, predicate);
  const keyOf = (hash: Hash): Uint8Array =>
    predicate === undefined ? subjectKey(subject, hash) : subjectPredicateKey(subject, predicate, hash);
  const hashOf = predicate === undefined ? hashOfSubjectKey : hashOfSubjectPredicateKey;
  const range = after === undefined ? { prefix } : { prefix, after: keyOf(after) };
  for await (const { key } of store.scan(range)) {
    const hash = hashOf(key);
    const bytes = await store.get(assertionKey(hash));
    invariant(bytes !== undefined, 'an index names an assertion that is not stored');
    const assertion = decodeAssertion(bytes);
    if (!passes(assertion, filter)) continue;
    const votes = await (asOf === undefined ? readTally(store, hash) : tallyAsOf(store, hash, asOf));
    yield { hash, assertion, votes };
  }
}

function passes(assertion: Assertion, { lifecycle, asOf }: ClaimFilter): boolean {
  if (lifecycle !== undefined && assertion.lifecycle !== lifecycle) return false;
  return asOf === undefined || assertion.timestamp <= asOf;
}
