import type { Uniform } from '../../choices/index.ts';
import type { EligibleQueue } from '../eligible-queue.ts';
import type { Strategy } from './strategy.ts';

/** Uniform among the eligible. */
export class RandomWalk implements Strategy {
  readonly #uniform: Uniform;

  constructor(uniform: Uniform) {
    this.#uniform = uniform;
  }

  pick(eligible: EligibleQueue): number {
    return this.#uniform.below(eligible.length);
  }
}
