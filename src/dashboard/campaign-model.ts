import type { MinimizeProgress, RunFile, RunRecord, WorkerState } from '../explore/index.ts';
import { PropertyCounts } from './property-counts.ts';

/** What is known of a campaign before it begins. */
export interface CampaignFacts {
  readonly seed: string;
  readonly arenas: readonly { readonly name: string; readonly properties: readonly string[] }[];
  readonly scenarios: readonly string[];
  /** Infinite when only time ends it. */
  readonly runs: number;
  /** Infinite when only the number of runs ends it. */
  readonly msMax: number;
  /** Labels that some run should reach. */
  readonly markers: readonly string[];
}

/** `stopping`: no more runs begin; `over`: all is done, and somebody is still reading. */
export type Phase = 'playing' | 'paused' | 'stopping' | 'over';

/** A failure of which there may be many runs. */
export interface Failure {
  readonly signature: string;
  /** The first run that failed so. */
  readonly record: RunRecord;
  readonly runs: number;
  readonly stage: 'found' | 'minimizing' | 'explained';
  readonly progress?: MinimizeProgress;
  /** Once it has been recorded; minimized once that is done. */
  readonly file?: RunFile;
  readonly commands?: FailureCommands;
}

/** What to type next. */
export interface FailureCommands {
  readonly replay: string;
  readonly keep?: string | undefined;
  /** Where its page is. */
  readonly open?: string | undefined;
}

/** A campaign at one moment: what a view draws. */
export interface CampaignSnapshot {
  readonly facts: CampaignFacts;
  readonly phase: Phase;
  /** Pauses left out. */
  readonly elapsedMs: number;
  readonly runs: number;
  readonly runsPerSecond: number;
  readonly virtualMs: number;
  readonly failedRuns: number;
  /** Those that failed first. */
  readonly properties: readonly PropertyCount[];
  /** By name. */
  readonly faults: readonly { readonly name: string; readonly count: number }[];
  readonly markersNeverReached: readonly string[];
  /** When each marker was reached first, in milliseconds, ascending. */
  readonly markerTimesMs: readonly number[];
  readonly workers: readonly WorkerState[];
  /** In the order in which they were found. */
  readonly failures: readonly Failure[];
}

export interface PropertyCount {
  readonly property: string;
  /** Runs that could tell. */
  readonly runs: number;
  readonly violated: number;
}

/** Runs a second are those of so long. */
const rateWindowMs = 10_000;

/**
 * Counts what a campaign does. Keeps no run but the first of each failure. What draws it takes a snapshot, which
 * is new only after `tick`: however fast runs come, no more is drawn than the ticks ask for.
 */
export class CampaignModel {
  readonly #facts: CampaignFacts;
  readonly #nowMs: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #properties: PropertyCounts;
  readonly #faults = new Map<string, number>();
  readonly #neverReached: Set<string>;
  readonly #reached = new Set<string>();
  readonly #markerTimesMs: number[] = [];
  readonly #failures = new Map<string, Failure>();
  /** For the rate: how many runs there were when. */
  readonly #history: { readonly ms: number; readonly runs: number }[] = [];
  readonly #begunMs: number;
  #pausedMs = 0;
  #pausedSinceMs: number | undefined;
  #phase: Phase = 'playing';
  #runs = 0;
  #failedRuns = 0;
  #virtualMs = 0;
  #workers: readonly WorkerState[] = [];
  #snapshot: CampaignSnapshot;

  constructor(facts: CampaignFacts, nowMs: () => number) {
    this.#facts = facts;
    this.#nowMs = nowMs;
    this.#begunMs = nowMs();
    this.#properties = new PropertyCounts(facts.arenas);
    this.#neverReached = new Set(facts.markers);
    this.#snapshot = this.#take();
  }

  add(record: RunRecord): void {
    this.#runs += 1;
    this.#virtualMs += record.virtualMs;
    this.#properties.add(record);
    for (const [fault, count] of Object.entries(record.faults)) {
      this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + count);
    }
    for (const marker of Object.keys(record.markers)) {
      if (this.#reached.has(marker)) continue;
      this.#reached.add(marker);
      this.#neverReached.delete(marker);
      this.#markerTimesMs.push(this.elapsedMs);
    }
    if (record.verdict === 'held') return;
    this.#failedRuns += 1;
    const signature = record.signature ?? record.verdict;
    const known = this.#failures.get(signature);
    const first: Failure = { signature, record, runs: 0, stage: 'found' };
    const failure = known ?? first;
    this.#failures.set(signature, { ...failure, runs: failure.runs + 1 });
  }

  /** More is known of a failure. */
  explain(signature: string, news: Pick<Partial<Failure>, 'stage' | 'progress' | 'file' | 'commands'>): void {
    const known = this.#failures.get(signature);
    if (known !== undefined) this.#failures.set(signature, { ...known, ...news });
  }

  /** What worker threads are at. */
  setWorkers(workers: readonly WorkerState[]): void {
    this.#workers = workers;
  }

  get phase(): Phase {
    return this.#phase;
  }

  set phase(phase: Phase) {
    const nowMs = this.#nowMs();
    if (this.#pausedSinceMs !== undefined) this.#pausedMs += nowMs - this.#pausedSinceMs;
    this.#pausedSinceMs = phase === 'paused' ? nowMs : undefined;
    this.#phase = phase;
    this.tick();
  }

  /** Since it began, pauses left out. */
  get elapsedMs(): number {
    return (this.#pausedSinceMs ?? this.#nowMs()) - this.#begunMs - this.#pausedMs;
  }

  /** Makes a new snapshot and tells those who have subscribed. */
  tick(): void {
    this.#history.push({ ms: this.elapsedMs, runs: this.#runs });
    while (this.#history.length > 2 && this.#history[1]!.ms < this.elapsedMs - rateWindowMs) {
      this.#history.shift();
    }
    this.#snapshot = this.#take();
    for (const listener of this.#listeners) listener();
  }

  readonly snapshot = (): CampaignSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #take(): CampaignSnapshot {
    const [oldest = { ms: 0, runs: 0 }] = this.#history;
    const seconds = (this.elapsedMs - oldest.ms) / 1000;
    return {
      facts: this.#facts,
      phase: this.#phase,
      elapsedMs: this.elapsedMs,
      runs: this.#runs,
      runsPerSecond: seconds > 0 ? (this.#runs - oldest.runs) / seconds : 0,
      virtualMs: this.#virtualMs,
      failedRuns: this.#failedRuns,
      properties: this.#properties.counts(),
      faults: [...this.#faults]
        .map(([name, count]) => ({ name, count }))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      markersNeverReached: [...this.#neverReached],
      markerTimesMs: [...this.#markerTimesMs],
      workers: this.#workers,
      failures: [...this.#failures.values()],
    };
  }
}
