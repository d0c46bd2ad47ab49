import type { DiskFaults, NetworkFaults } from '../sim/index.ts';

/** A fault profile: which faults exist in a run and how hard. Kept as JSON in `scenarios/`. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** Each run leaves some of these faults out: see `drawSwarm`. */
  readonly swarm?: boolean | undefined;
  /** Crash profiles, one of which is drawn for each run: names of `CrashProfileName`. */
  readonly profiles: readonly string[];
  /** `slow` of `outOf` device operations take up to `microsMax` virtual microseconds. */
  readonly latency: { readonly slow: number; readonly outOf: number; readonly microsMax: number };
  readonly crashes: {
    /** Most power losses and kills in a run; the number is drawn. */
    readonly powerLossesMax: number;
    readonly killsMax: number;
    /** A crash comes 1 to this many steps after the last one; short distances are as likely as long. */
    readonly distanceStepsMax: number;
    /** Or right after the 1st to so-many-th write to a file. */
    readonly distanceWritesMax: number;
    /** Most images of what a crash would leave that are taken, and recovered, while the run goes on. */
    readonly imagesMax: number;
    /**
     * Most different images that are taken, and recovered, of what a power loss would leave right before and right after
     * each sync; without it none are.
     */
    readonly imagesAtSyncsMax?: number | undefined;
  };
  /** What happens to messages between agents and servers; a fault that is not named does not happen. */
  readonly network?: Partial<NetworkFaults> | undefined;
  /** What happens to wall clocks; without it they tell the true time. */
  readonly clock?: ClockFaults | undefined;
  /** Bits that flip in files of machines that serve; refused, and put back from a good copy then. */
  readonly rot?: RotFaults | undefined;
  /**
   * Bits that flip, one at a time, each in a copy of what a closed database leaves: for arenas that close theirs and
   * look. Default: one, where power is lost.
   */
  readonly rotAtRest?: number | undefined;
  /** How processes stand still; without it they never do. */
  readonly pauses?: PauseFaults | undefined;
  /** How machines crash over and over, besides `crashes`; by power loss only where `crashes` has some. */
  readonly crashLoops?: CrashLoopFaults | undefined;
  /** What happens to file-system calls of machines that serve; a fault that is not named does not happen. */
  readonly disk?: Partial<DiskFaults> | undefined;
  /** Requests that no client sends, from somebody who wants to do harm; for arenas that are served over HTTP. */
  readonly hostileRequests?: number | undefined;
  /** Most records that break a rule and are put into the log, past all checks, while a database is closed. */
  readonly hostileRecords?: number | undefined;
  /**
   * Only the first `bits` bits of each content hash count: for arenas that can tell what then must be refused.
   * Signatures are over the whole hash all the same.
   */
  readonly collisions?: { readonly bits: number } | undefined;
  /** What databases may hold in memory; what then must be refused, arenas can tell. Default: plenty. */
  readonly memory?: MemoryBudgets | undefined;
  /** How much is going on, for arenas that leave it to the scenario; without it they draw their own sizes. */
  readonly workload?: Workload | undefined;
}

export interface ClockFaults {
  /** Most times in a run that a machine's wall clock is set; the number is drawn. */
  readonly stepsMax: number;
  /** By 1 to so many milliseconds, forth or back; small steps are as likely as large ones. */
  readonly msMax: number;
  /** 1 to so many steps of the run after the last time. */
  readonly distanceStepsMax: number;
  /** From the start, by up to so many milliseconds, ahead or behind: machines are apart. */
  readonly apartMsMax?: number | undefined;
  /** Too fast or too slow by up to so many parts in a million. */
  readonly driftPpmMax?: number | undefined;
  /** At most `max` times in a run it stands still, for 1 to `msMax` virtual milliseconds. */
  readonly freezes?: { readonly max: number; readonly msMax: number } | undefined;
}

export interface RotFaults {
  /** Most bits in a run that flip; the number is drawn. */
  readonly bitsMax: number;
  /** 1 to so many steps of the run after the last one. */
  readonly distanceStepsMax: number;
}

/** At most `max` times in a run none of a process's tasks runs, for 1 to `msMax` virtual milliseconds. */
export interface PauseFaults {
  readonly max: number;
  readonly msMax: number;
  /** 1 to so many steps of the run after the end of the last pause. */
  readonly distanceStepsMax: number;
}

/** At most `max` times in a run a machine crashes 2 to `crashesMax` times, each time during the recovery from the last. */
export interface CrashLoopFaults {
  readonly max: number;
  /** 2 at least. */
  readonly crashesMax: number;
  /** A loop begins 1 to so many steps after the last one. */
  readonly distanceStepsMax: number;
}

/** In bytes; what is not said is left as it is. */
export interface MemoryBudgets {
  /** What the lenses hold for one question, or for one subject and predicate whose views are made. */
  readonly lensesBytesMax?: number | undefined;
  /** Of the body of a request. */
  readonly bodyBytesMax?: number | undefined;
  /** Of one buffer for reading or writing a file: for a larger one a machine has no memory. Enough for any honest one. */
  readonly bufferBytesMax?: number | undefined;
}

export interface Workload {
  /** Who write. */
  readonly agents: number;
  readonly operationsPerAgent: number;
  /** Who query meanwhile. */
  readonly queriers: number;
  readonly ingestWorkers: number;
}

/** Declares a scenario in TypeScript. It is held against the schema when it is loaded. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
