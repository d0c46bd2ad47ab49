import type { ViolationDetail } from '../check/index.ts';

export type Verdict =
  /** Every property held. */
  | 'held'
  /** A property did not hold: the run is a counterexample. */
  | 'violated'
  /** The run says nothing: the simulator, or its use, is at fault. */
  | 'error';

/** One run, as `--reporter json` prints it: a contract. */
export interface RunRecord {
  readonly type: 'run';
  readonly arena: string;
  readonly scenario: string;
  readonly strategy: string;
  readonly seed: string;
  readonly run: number;
  readonly verdict: Verdict;
  readonly property: string | null;
  readonly signature: string | null;
  readonly steps: number;
  readonly virtualMs: number;
  readonly wallMs: number;
  readonly digest: string;
  readonly operations: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly markers: Readonly<Record<string, number>>;
  readonly stats: RunStats;
}

/** Rates and latencies in virtual time; latencies in milliseconds from call to acknowledgement. */
export interface RunStats {
  readonly assertionsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export interface CampaignSummary {
  readonly type: 'summary';
  readonly runs: number;
  readonly held: number;
  readonly violated: number;
  readonly errors: number;
  readonly signatures: readonly {
    readonly signature: string;
    readonly runs: number;
    readonly seed: string;
  }[];
  readonly markersNeverReached: readonly string[];
  readonly stepsPerSecond: number;
}

export interface FailureDetail extends ViolationDetail {
  /** Lines for a developer: the error's stack, or what each stuck task waits for. */
  readonly explanation?: string | undefined;
}
