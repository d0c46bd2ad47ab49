import type { Uniform } from '../../choices/index.ts';
import type { EligibleQueue } from '../eligible-queue.ts';
import type { Pending } from '../pending.ts';
import type { SimTask } from '../sim-task.ts';
import type { Strategy } from './strategy.ts';

export interface PriorityChangePointsOptions {
  /** d: the bug depth aimed at; d - 1 priority changes happen in a run. At least 1. */
  readonly depth: number;
  /** k: about how many steps a run makes. Change points fall in `[1, k]`; beyond twice that it walks randomly. */
  readonly steps: number;
}

/**
 * PCT: every task has a random priority, the highest eligible runs, and at d - 1 random moments the
 * running task drops below all others. Finds a bug of depth d among n tasks with probability at least
 * 1/(n·k^(d-1)). Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
 */
export class PriorityChangePoints implements Strategy {
  readonly #uniform: Uniform;
  readonly #steps: number;
  readonly #changePoints = new Set<number>();
  /** By `SimTask.ordinal`. */
  readonly #priorities: (number | undefined)[] = [];
  /** The step that comes next, counted from 1. */
  #step = 1;
  #lowest = 0;

  constructor(uniform: Uniform, options: PriorityChangePointsOptions) {
    this.#uniform = uniform;
    this.#steps = options.steps;
    for (let change = 1; change < options.depth; change++) {
      this.#changePoints.add(1 + uniform.below(options.steps));
    }
  }

  pick(eligible: EligibleQueue): number {
    if (this.#step > 2 * this.#steps) return this.#uniform.below(eligible.length);
    const best = this.#highest(eligible);
    if (!this.#changePoints.delete(this.#step)) return best;
    this.#demote(eligible.at(best).task);
    return this.#highest(eligible);
  }

  /** A change point at a step without a choice counts for the task that takes it. */
  delivered({ task }: Pending): void {
    if (this.#changePoints.delete(this.#step)) this.#demote(task);
    this.#step++;
  }

  #demote(task: SimTask): void {
    this.#priorities[task.ordinal] = --this.#lowest;
  }

  #highest(eligible: EligibleQueue): number {
    let best = 0;
    let bestPriority = -Infinity;
    for (let index = 0; index < eligible.length; index++) {
      const priority = this.#priority(eligible.at(index).task);
      if (priority > bestPriority) {
        best = index;
        bestPriority = priority;
      }
    }
    return best;
  }

  #priority(task: SimTask): number {
    return (this.#priorities[task.ordinal] ??= 1 + this.#uniform.below(2 ** 31));
  }
}
