import type { PlainResolution } from '../../check/index.ts';
import type { AgentId, Assertion, Hash, Lifecycle, Vote } from '../../engine/index.ts';

export interface Question {
  readonly subject: string;
  readonly predicate: string;
  readonly lens: string;
  readonly lifecycle?: Lifecycle | undefined;
  readonly asOf?: number | undefined;
  readonly maxStaleMs?: number | undefined;
  readonly agentId: AgentId;
}

/** What a user sees of an answer, and what could be seen of the server while it was made. */
export interface Reply {
  readonly queryId: string;
  readonly resolution: PlainResolution;
  readonly throughOffset: number;
  readonly audited: boolean;
  readonly materializedAtMs: number | undefined;
  /** Absent where the server is too far away to be looked at. */
  readonly server?:
    | {
        /** Its ingest cursor before the question. */
        readonly cursor: number;
        /** Its log, after the answer. */
        readonly durableOffset: number;
        /** Its wall clock before the question. */
        readonly askedAtMs: number;
        /** The latest that its wall clock showed before or after. */
        readonly wallMs: number;
      }
    | undefined;
}

/**
 * How an agent reaches the database. A method that rejects with what `isUnanswered` knows may have taken effect
 * or not; whatever else it rejects with is a finding.
 */
export interface Door {
  /** Where the claim ends in the log; once it can be read if `isIngested` is asked for. */
  submit(assertion: Assertion, isIngested: boolean): Promise<number>;
  vote(vote: Vote, isIngested: boolean): Promise<number>;
  query(question: Question): Promise<Reply>;
  get(hash: Hash): Promise<Assertion | undefined>;
  isUnanswered(error: unknown): boolean;
  /** Whether a write that was answered may have been sent more than once. */
  readonly retries: boolean;
}
