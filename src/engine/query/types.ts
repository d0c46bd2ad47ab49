import type { Resolution, VoteTally } from '../lens/index.ts';
import type { Assertion, Hash } from '../model/index.ts';
import type { ClaimFilter } from '../resolve/index.ts';

export type { ClaimFilter } from '../resolve/index.ts';

export interface Query extends ClaimFilter {
  readonly predicate: string;
  /** The name of a registered lens. */
  readonly lens: string;
  /**
   * How far behind a view may be that answers, in milliseconds. Absent: any age. 0: no view that is behind.
   * Views serve only queries without `lifecycle` and `asOf`.
   */
  readonly maxStaleMs?: number | undefined;
  /** Who asks, for the audit. */
  readonly agentId?: Uint8Array | undefined;
}

export interface Answer {
  /** Of the audit record. */
  readonly queryId: string;
  readonly lens: string;
  readonly resolution: Resolution;
  /** The winner itself. */
  readonly winner: Assertion | undefined;
  /** Everything in the log before this offset is taken into account, at least. */
  readonly throughOffset: number;
  /** Whether a view answered, and when it was made (wall clock of the server, milliseconds). */
  readonly view: { readonly materializedAtMs: number } | undefined;
  /** `false` when the audit record could not be written: the store takes no writes. */
  readonly audited: boolean;
}

/** A claim and what others think of it. */
export interface ListedClaim {
  readonly hash: Hash;
  readonly assertion: Assertion;
  readonly votes: VoteTally;
}

/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back as `after` for the next page; absent on the last one. */
  readonly next: string | undefined;
}

export interface PageOptions {
  /** Items at most, 1 to 1,000. Default 100. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}
