/** 32 bytes of BLAKE3: the identity of an assertion or a vote. */
export type Hash = Uint8Array;

/** 32 bytes: the Ed25519 public key of whoever speaks. */
export type AgentId = Uint8Array;

/** In the order of their codes on disk: append, never reorder. */
export const OBJECT_TYPES = ['text', 'number', 'boolean', 'reference'] as const;

/** What is claimed. A `reference` names another subject. */
export type ObjectValue =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'reference'; readonly value: string };

/** In the order of their codes on disk: append, never reorder. */
export const LIFECYCLES = ['proposed', 'under-review', 'approved', 'deprecated', 'rejected'] as const;

/** Where a claim stands. A transition is a new assertion that names the old one as its parent. */
export type Lifecycle = (typeof LIFECYCLES)[number];

/**
 * A claim as agents sign it. Its hash is its identity, so that whoever claims the same makes the same
 * assertion. Treated as immutable, the byte arrays included.
 */
export interface AssertionContent {
  readonly subject: string;
  readonly predicate: string;
  readonly object: ObjectValue;
  /** The assertion that this one follows; it may not be here yet, or ever. */
  readonly parentHash?: Hash;
  /** Of a document outside the database that supports the claim. */
  readonly sourceHash?: Hash;
  /** Of the agents' own making; a non-negative safe integer. */
  readonly epoch?: number;
  readonly lifecycle: Lifecycle;
  /** From 0 to 1. */
  readonly confidence: number;
  /** Milliseconds since 1970, as the agent says. */
  readonly timestamp: number;
}

/** A claim and those who stand by it: 1 to 16 signatures, each of another agent. */
export interface Assertion extends AssertionContent {
  readonly signatures: readonly AgentSignature[];
}

export interface AgentSignature {
  readonly agentId: AgentId;
  /** 64 bytes over the signing message of the content. */
  readonly signature: Uint8Array;
}

/** One agent's backing of one assertion. */
export interface VoteContent {
  readonly assertionHash: Hash;
  readonly agentId: AgentId;
  /** An integer, so that sums do not depend on their order; 1,000,000 is a weight of one. */
  readonly weightMillionths: number;
  /** Milliseconds since 1970, as the agent says. */
  readonly timestamp: number;
}

export interface Vote extends VoteContent {
  /** 64 bytes over the signing message of the content. */
  readonly signature: Uint8Array;
}
