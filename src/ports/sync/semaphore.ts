import type { Parked, Scheduler } from '../scheduler.ts';

/** A count of permits; first come, first served, so that a large request is not starved by small ones. */
export class Semaphore {
  readonly #scheduler: Scheduler;
  readonly #waitingFor: string;
  readonly #capacity: number;
  readonly #waiters: { readonly permits: number; readonly parked: Parked<void> }[] = [];
  #available: number;

  constructor(scheduler: Scheduler, name: string, capacity: number) {
    this.#scheduler = scheduler;
    this.#waitingFor = `semaphore ${name}`;
    this.#capacity = capacity;
    this.#available = capacity;
  }

  /** Waits for `permits`; a request above the capacity is granted when all permits are free. */
  async acquire(permits = 1): Promise<void> {
    const wanted = Math.min(permits, this.#capacity);
    if (this.#waiters.length === 0 && wanted <= this.#available) {
      this.#available -= wanted;
      return;
    }
    const parked = this.#scheduler.park(this.#waitingFor);
    this.#waiters.push({ permits: wanted, parked });
    await parked.promise;
  }

  /** Gives back what `acquire` was called with. */
  release(permits = 1): void {
    this.#available += Math.min(permits, this.#capacity);
    for (;;) {
      const next = this.#waiters[0];
      if (next === undefined || next.permits > this.#available) return;
      this.#waiters.shift();
      this.#available -= next.permits;
      next.parked.wake();
    }
  }
}
