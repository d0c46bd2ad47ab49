import type { Parked, Scheduler } from '../scheduler.ts';

/**
 * A number that only rises, and the tasks that wait for it to reach a target: the durable end of a
 * log, the cursor of an ingestor.
 */
export class Watermark {
  readonly #scheduler: Scheduler;
  readonly #name: string;
  #value: number;
  #waiters: { readonly target: number; readonly parked: Parked<void> }[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(scheduler: Scheduler, name: string, value: number) {
    this.#scheduler = scheduler;
    this.#name = name;
    this.#value = value;
  }

  get value(): number {
    return this.#value;
  }

  /** Raises the mark and wakes whoever waited for no more than that; a lower value does nothing. */
  advance(value: number): void {
    if (value <= this.#value) return;
    this.#value = value;
    const reached = this.#waiters.filter((waiter) => waiter.target <= value);
    if (reached.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => waiter.target > value);
    for (const waiter of reached) waiter.parked.wake();
  }

  /** Ends every present and future wait for a mark not yet reached with `error`; the first call counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    for (const waiter of this.#waiters.splice(0)) waiter.parked.fail(this.#failure.error);
  }

  /** Resolves once the mark is at `target` or above. */
  async reach(target: number): Promise<void> {
    if (this.#value >= target) return;
    if (this.#failure !== undefined) throw this.#failure.error;
    const parked = this.#scheduler.park(`${this.#name} to reach ${target}`);
    this.#waiters.push({ target, parked });
    await parked.promise;
  }
}
