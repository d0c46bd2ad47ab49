import type { Uniform } from '../../choices/index.ts';
import type { EligibleQueue } from '../eligible-queue.ts';
import type { SimTask } from '../sim-task.ts';
import type { Strategy } from './strategy.ts';

/** Stays with the task that ran last, seven times in eight: long stretches with few switches. */
export class Sticky implements Strategy {
  readonly #uniform: Uniform;
  #last: SimTask | undefined;

  constructor(uniform: Uniform) {
    this.#uniform = uniform;
  }

  pick(eligible: EligibleQueue): number {
    let index = 0;
    while (index < eligible.length && eligible.at(index).task !== this.#last) index++;
    if (index === eligible.length || this.#uniform.below(8) === 0) {
      index = this.#uniform.below(eligible.length);
    }
    this.#last = eligible.at(index).task;
    return index;
  }
}
