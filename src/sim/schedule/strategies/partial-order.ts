import type { Uniform } from '../../choices/index.ts';
import type { EligibleQueue } from '../eligible-queue.ts';
import type { Pending } from '../pending.ts';
import type { Strategy } from './strategy.ts';

/**
 * POS: every pending operation has a random priority and the highest runs; then those that touch its
 * resource draw anew. Operations that have nothing to do with each other are not reordered for its own sake,
 * so partial orders are sampled more evenly than by a random walk. Yuan, Yang, Gu: "Partial Order Aware
 * Concurrency Sampling", CAV 2018.
 */
export class PartialOrderSampling implements Strategy {
  readonly #uniform: Uniform;

  constructor(uniform: Uniform) {
    this.#uniform = uniform;
  }

  pick(eligible: EligibleQueue): number {
    let best = 0;
    let bestPriority = 0;
    for (let index = 0; index < eligible.length; index++) {
      const pending = eligible.at(index);
      if (pending.priority === 0) pending.priority = 1 + this.#uniform.below(2 ** 30);
      if (pending.priority > bestPriority) {
        best = index;
        bestPriority = pending.priority;
      }
    }
    return best;
  }

  delivered({ resource }: Pending, eligible: EligibleQueue): void {
    if (resource === '') return;
    for (let index = 0; index < eligible.length; index++) {
      const other = eligible.at(index);
      if (other.resource === resource) other.priority = 0;
    }
  }
}
