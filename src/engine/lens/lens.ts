import type { Assertion, Hash, Lifecycle } from '../model/index.ts';

/** The votes on one assertion. */
export interface VoteTally {
  readonly count: number;
  /** Exact, whatever the order in which votes came. */
  readonly weightMillionths: bigint;
}

/** An assertion that a query found, with what others think of it. */
export interface Candidate {
  readonly hash: Hash;
  readonly assertion: Assertion;
  readonly votes: VoteTally;
}

/** A candidate, or all that claim one value by the newest among them, and the share a lens gives it. */
export interface Ranked {
  readonly hash: Hash;
  readonly lifecycle: Lifecycle;
  readonly timestamp: number;
  /** Votes on what is ranked: on one assertion, or on all that claim its value. */
  readonly weightMillionths: bigint;
  /** Assertions that are ranked as one; 1 where a lens ranks assertions. */
  readonly supporters: number;
  /** From 0 to 1; what it is a share of is the lens's own affair. */
  readonly share: number;
}

export type Agreement = 'none' | 'unanimous' | 'agreed' | 'contested';

/** How a lens sees the candidates. Equal sets of candidates give equal resolutions, in whatever order they came. */
export interface Resolution {
  /** Absent when there are no candidates, and for lenses that name no winner. */
  readonly winner: Hash | undefined;
  readonly candidatesCount: number;
  /** From 0 to 1; 0 when there are no candidates. */
  readonly resolutionConfidence: number;
  /** From 0, nobody disagrees, to 1. */
  readonly conflictScore: number;
  readonly agreement: Agreement;
  /** The best first, at most `rankedMax`. */
  readonly ranked: readonly Ranked[];
}

export interface LensOptions {
  /** Entries of `ranked` at most. */
  readonly rankedMax: number;
}

/**
 * A way to resolve assertions that disagree. Candidates are folded in one by one, so that a subject with a
 * million of them needs no more memory than the lens keeps of each.
 */
export interface Lens {
  /** Stable: stored in the keys of views, and said by users. */
  readonly name: string;
  /** For people, in one sentence. */
  readonly summary: string;
  begin(options: LensOptions): LensFold;
}

export interface LensFold {
  /** Candidates may come in any order, each once. */
  add(candidate: Candidate): void;
  /** Bytes that the fold holds, estimated from above; rises at most with each `add`. */
  readonly bytes: number;
  finish(): Resolution;
}
