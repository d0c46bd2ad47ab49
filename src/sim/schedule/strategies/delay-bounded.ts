import type { Uniform } from '../../choices/index.ts';
import type { EligibleQueue } from '../eligible-queue.ts';
import type { Pending } from '../pending.ts';
import type { Strategy } from './strategy.ts';

/**
 * In order, except that at some choices the head of the line is sent behind all that are waiting at that
 * moment. Emmi, Qadeer, Rakamarić: "Delay-Bounded Scheduling", POPL 2011.
 */
export class DelayBounded implements Strategy {
  /** Before which steps, latest first. */
  readonly #delays: number[];
  /** Who was delayed, and the last in line at that time: once that has gone it is the other's turn. */
  readonly #delayed = new Map<Pending, Pending>();
  #step = 1;

  /** One delay at the first choice from each of these steps on, counted from 1; one may be there several times. */
  constructor(delays: readonly number[]) {
    this.#delays = delays.toSorted((one, other) => other - one);
  }

  /** `count` delays, each at any of `steps` steps. */
  static drawn(uniform: Uniform, count: number, steps: number): DelayBounded {
    return new DelayBounded(Array.from({ length: count }, () => 1 + uniform.below(steps)));
  }

  pick(eligible: EligibleQueue): number {
    while ((this.#delays.at(-1) ?? Infinity) <= this.#step) {
      this.#delays.pop();
      const last = eligible.at(this.#lastOtherThan(this.#head(eligible), eligible));
      this.#delayed.set(eligible.at(this.#head(eligible)), last);
    }
    return this.#head(eligible);
  }

  delivered(pending: Pending): void {
    this.#step++;
    if (this.#delayed.size === 0) return;
    this.#delayed.delete(pending);
    for (const [delayed, last] of this.#delayed) if (last === pending) this.#delayed.delete(delayed);
  }

  /** The first that is not delayed; when all are, the first. */
  #head(eligible: EligibleQueue): number {
    if (this.#delayed.size === 0) return 0;
    for (let index = 0; index < eligible.length; index++) {
      if (!this.#delayed.has(eligible.at(index))) return index;
    }
    return 0;
  }

  #lastOtherThan(index: number, eligible: EligibleQueue): number {
    return index === eligible.length - 1 ? Math.max(0, index - 1) : eligible.length - 1;
  }
}
