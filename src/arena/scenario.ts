import type { DiskFaults, NetworkFaults } from '../sim/index.ts';

/** A fault profile: which faults exist in a run and how hard. Kept as JSON in `scenarios/`. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** Crash profiles, one of which is drawn for each run: `strict`, `ext4-ordered`, `kill`. */
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
  /** What happens to file-system calls of machines that serve; a fault that is not named does not happen. */
  readonly disk?: Partial<DiskFaults> | undefined;
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
}

export interface Workload {
  /** Who write. */
  readonly agents: number;
  readonly operationsPerAgent: number;
  /** Who query meanwhile. */
  readonly queriers: number;
  readonly ingestWorkers: number;
}
