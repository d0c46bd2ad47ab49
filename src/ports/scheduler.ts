/**
 * Concurrent tasks, and the one way in which a task may wait for another.
 *
 * Code behind the ports never resolves a promise that another task awaits: it wakes a `Parked`. In a
 * simulation each wake-up then is a step of its own, so that its order is a choice and a deadlock can
 * say who waits for what.
 */
export interface Scheduler {
  /**
   * Starts `body` as a task of its own and returns at once; `body` runs from a later turn on.
   * A rejection belongs to whoever joins; one that nobody ever joins is a defect and is reported.
   */
  spawn<T>(name: string, body: () => Promise<T>): Task<T>;

  /** Gives every other runnable task a turn. */
  yield(): Promise<void>;

  /**
   * A wait of the current task that ends when somebody wakes it. `waitingFor` is read by people, and so is
   * `heldBy`: asked when a wait turns out to be endless, it names the task that would have to end it.
   */
  park<T = void>(waitingFor: string, heldBy?: () => string | undefined): Parked<T>;

  /** The name of the current task; absent where that is not known. */
  readonly current?: string | undefined;
}

export interface Task<T> {
  readonly name: string;

  /** Resolves or rejects as the body did; may be called any number of times, also afterwards. */
  join(): Promise<T>;
}

export interface Parked<T> {
  readonly promise: Promise<T>;

  /** Ends the wait with a value. The first of `wake` and `fail` counts, later calls do nothing. */
  wake(value: T): void;

  /** Ends the wait with an error. */
  fail(error: unknown): void;
}
