import type { Parked, Scheduler } from '../scheduler.ts';

/** Mutual exclusion between tasks; first come, first served. Not reentrant. */
export class Mutex {
  readonly #scheduler: Scheduler;
  readonly #waitingFor: string;
  readonly #waiters: { readonly parked: Parked<void>; readonly task: string | undefined }[] = [];
  #locked = false;
  /** For those who ask why they wait. */
  #holder: string | undefined;

  constructor(scheduler: Scheduler, name: string) {
    this.#scheduler = scheduler;
    this.#waitingFor = `mutex ${name}`;
  }

  /** Runs `body` alone and returns what it returns; released also when it throws. */
  async withLock<T>(body: () => Promise<T>): Promise<T> {
    await this.#acquire();
    try {
      return await body();
    } finally {
      this.#release();
    }
  }

  async #acquire(): Promise<void> {
    if (!this.#locked) {
      this.#locked = true;
      this.#holder = this.#scheduler.current;
      return;
    }
    const parked = this.#scheduler.park(this.#waitingFor, () => this.#holder);
    this.#waiters.push({ parked, task: this.#scheduler.current });
    await parked.promise;
  }

  /** Hands the lock over rather than freeing it, so that nobody can slip in between. */
  #release(): void {
    const next = this.#waiters.shift();
    this.#holder = next?.task;
    if (next === undefined) this.#locked = false;
    else next.parked.wake();
  }
}
