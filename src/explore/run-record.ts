import type { HistoryEvent, ViolationDetail } from '../check/index.ts';
import type { Overtaking, Tape } from '../sim/index.ts';

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

/**
 * The measurements of one run. Everything is in virtual time, and the same for the same seed, but for the
 * fields of the real machine: `assertionsPerRealSecond`, `votesPerRealSecond`, `peakBytes.heap` and
 * `peakBytes.rss`.
 */
export interface RunStats {
  /** Assertions that were acknowledged: the samples of the latency `submit`. */
  readonly assertions: number;
  /** Votes that were acknowledged: the samples of the latency `vote`. */
  readonly votes: number;
  readonly assertionsPerSecond: number;
  readonly votesPerSecond: number;
  readonly assertionsPerRealSecond: number;
  readonly votesPerRealSecond: number;
  /** Milliseconds from call to answer, over all operations. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** The same for each operation. */
  readonly latencyMs: Readonly<Record<string, Distribution>>;
  /** How many durable bytes of the log ingest had before it: samples of `ingest.lag-bytes`. */
  readonly ingestLagBytes: Distribution;
  /** How old a view was that served a query: samples of `query.view-staleness-ms`. */
  readonly viewStalenessMs: Distribution;
  /** Claims that a query looked at: samples of `query.candidates`. */
  readonly queryCandidates: Distribution;
  readonly peakBytes: PeakBytes;
}

/** Quantiles by nearest rank, less than 1 % too low and rounded to thousandths; all 0 without samples. */
export interface Distribution {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** The greatest, exactly. */
  readonly max: number;
}

export interface PeakBytes {
  /** Most that was on any one simulated disk, looked at every 256 steps, at every crash and at the end. */
  readonly disk: number;
  /** Most of V8's heap that was in use in the thread that played the run, garbage included. */
  readonly heap: number;
  /** Most real memory that the process ever had, whatever else it has played. */
  readonly rss: number;
}

/** The measurements of a campaign: rates over all of its runs together. */
export interface CampaignStats {
  readonly assertionsPerSecond: number;
  readonly votesPerSecond: number;
  /** For each second that one thread spent on playing. */
  readonly assertionsPerRealSecond: number;
  readonly votesPerRealSecond: number;
  readonly worst: WorstOfRuns;
}

/** Of each measurement the greatest that any run had. */
export interface WorstOfRuns {
  /** Latencies over all operations of one run, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly ingestLagBytes: number;
  readonly viewStalenessMs: number;
  readonly queryCandidates: number;
  readonly diskBytes: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
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
  /** Of an exhaustive campaign: what is proved, of each arena and scenario. */
  readonly provedUpTo?: readonly string[];
  readonly stepsPerSecond: number;
  readonly stats: CampaignStats;
}

export interface FailureDetail extends ViolationDetail {
  /** Lines for a developer: the error's stack, or what each stuck task waits for. */
  readonly explanation?: string | undefined;
}

/** How large a case is. Compared in this order; a minimizer accepts only what is smaller. */
export interface CaseSize {
  /** Faults injected: crashes, clock steps, failed calls, lost messages; not what a crash did to single sectors. */
  readonly faults: number;
  /** Operations of agents and of the operator. */
  readonly operations: number;
  /** Tasks that were ever started. */
  readonly tasks: number;
  /** Picks that were not first in line, and operations that took longer than they must. */
  readonly deviations: number;
  readonly steps: number;
  /** Sum of all values drawn by knobs, workload and faults: a smaller value is a calmer one. */
  readonly values: number;
}

/** What the minimizer made of a failing run: field `minimized` of a run file. A contract. */
export interface MinimizedCase {
  /** The minimized run as `--reporter json` would print it. */
  readonly record: RunRecord;
  readonly failure: FailureDetail;
  /** Every option that the minimized run expanded to. */
  readonly knobs: Readonly<Record<string, string>>;
  /** The whole history of the minimized run. */
  readonly history: readonly HistoryEvent[];
  /** The same in a few plain lines, for people. */
  readonly story: readonly StoryStep[];
  /** Replays with mode `strict`. */
  readonly tape: Tape;
  /** Who ran out of turn: replays with mode `steps` after the tape's picks are gone. */
  readonly overtakings: readonly Overtaking[];
  readonly sizeBefore: CaseSize;
  readonly size: CaseSize;
  /** `1-minimal`: without any single one of its faults, operations and deviations it does not fail this way. */
  readonly outcome: '1-minimal' | 'budget-spent';
  /** Runs played. */
  readonly tries: number;
  /** Real time, summed over all sittings. */
  readonly wallMs: number;
  readonly passes: readonly MinimizerPass[];
  /** Failures met on the way that were others. Each was refused. */
  readonly slipped: readonly SlippedFailure[];
  /** `null` when nobody asked for it. */
  readonly pointOfNoReturn: PointOfNoReturn | null;
}

/** A line of the minimized run: `3  t=4ms  fault  node-1 loses power`. */
export interface StoryStep {
  /** Step of the run after which it happened: `replay --until`. */
  readonly step: number;
  readonly timeMicros: number;
  /** `agent-1`; `fault` for faults. */
  readonly who: string;
  readonly text: string;
  /** The promise that the failure is about, and the moment at which it is seen broken. */
  readonly mark: 'promise' | 'promise broken' | null;
}

/** One pass over the case: `faults`, `operations`, ... */
export interface MinimizerPass {
  readonly name: string;
  readonly tries: number;
  readonly accepted: number;
  /** After the pass. */
  readonly size: CaseSize;
}

export interface SlippedFailure {
  readonly signature: string;
  readonly times: number;
  readonly message: string;
}

/** From each prefix of the minimized run, how many of `continuations` that then go their own way fail as well. */
export interface PointOfNoReturn {
  readonly continuations: number;
  /** By step, ascending. `share` is failures with the same signature over continuations. */
  readonly curve: readonly { readonly step: number; readonly failed: number; readonly share: number }[];
  /** The largest rise between neighbours of the curve; `null` on a flat one. */
  readonly jump: { readonly fromStep: number; readonly toStep: number; readonly rise: number } | null;
}
