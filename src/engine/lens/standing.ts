import { compareBytes } from '../model/bytes.ts';
import type { Hash, Lifecycle } from '../model/index.ts';
import type { Candidate } from './lens.ts';

/** What is kept of an assertion in order to rank it. */
export interface Standing {
  readonly hash: Hash;
  readonly lifecycle: Lifecycle;
  readonly timestamp: number;
  readonly confidence: number;
  readonly weightMillionths: bigint;
}

/** Shares no memory with the candidate: its hash may be part of a buffer that should not be kept. */
export function standingOf({ hash, assertion, votes }: Candidate): Standing {
  const { lifecycle, timestamp, confidence } = assertion;
  const { weightMillionths } = votes;
  return { hash: Uint8Array.from(hash), lifecycle, timestamp, confidence, weightMillionths };
}

/**
 * How every lens orders what it holds to be equal: the newest first, and of one moment that with the greater
 * hash. Negative when `one` comes first; zero only for the same assertion, so that the order is total.
 */
export function newestFirst(
  one: Pick<Standing, 'timestamp' | 'hash'>,
  other: Pick<Standing, 'timestamp' | 'hash'>,
): number {
  return other.timestamp - one.timestamp || compareBytes(other.hash, one.hash);
}

/** The greater first. */
export function greaterFirst(one: bigint, other: bigint): number {
  if (one === other) return 0;
  return one > other ? -1 : 1;
}
