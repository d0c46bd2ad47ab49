/**
 * Time, as a process on one machine sees it.
 *
 * Wall time and monotonic time are apart on purpose: the wall clock may step, drift and freeze, so it
 * is good for stamping data and for nothing else. Durations and deadlines use the monotonic clock.
 */
export interface Clock {
  /** Milliseconds since 1970 as this machine believes them; an integer; may go backwards. */
  wallMs(): number;

  /** Milliseconds since an arbitrary start; may have a fraction; never goes backwards. */
  monotonicMs(): number;

  /**
   * Resolves once at least `durationMs` of monotonic time have passed; never earlier, possibly later.
   * `sleep(0)` still gives other tasks a turn.
   */
  sleep(durationMs: number): Promise<void>;

  /** As `sleep`, for a wait that may be called off. */
  timer(durationMs: number): Timer;
}

export interface Timer {
  /** Resolves `true` when the time has passed, `false` when `cancel` came first. Never rejects. */
  readonly fired: Promise<boolean>;

  /** Resolves `fired` with `false`, unless it has fired already. */
  cancel(): void;
}
