import type { Parked } from '../../ports/index.ts';

export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** How a task ends, and who waits for that. */
export class TaskEnd<T> {
  outcome: Outcome<T> | undefined;
  readonly #joiners: Parked<T>[] = [];

  get isAwaited(): boolean {
    return this.#joiners.length > 0;
  }

  /** Whoever waits is woken with `outcome`. */
  reach(outcome: Outcome<T>): void {
    this.outcome = outcome;
    for (const joiner of this.#joiners) {
      if (outcome.ok) joiner.wake(outcome.value);
      else joiner.fail(outcome.error);
    }
  }

  /** Resolves or rejects as the task does, once `parked` is woken by its end. */
  wait(parked: Parked<T>): Promise<T> {
    this.#joiners.push(parked);
    return parked.promise;
  }
}
