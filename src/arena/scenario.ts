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
  };
}
