import type { Uniform } from '../../choices/index.ts';
import type { EligibleQueue } from '../eligible-queue.ts';
import type { SimTask } from '../sim-task.ts';
import type { Strategy } from './strategy.ts';

export interface PriorityChangePointsOptions {
  /** d: the bug depth aimed at; d - 1 priority changes happen in a run. At least 1. */
  readonly depth: number;
  /** k: about how many real choices a run makes; change points fall in `[1, k]`, after that it walks randomly. */
  readonly choicesPerRun: number;
}

/**
 * PCT: every task has a random priority, the highest eligible runs, and at d - 1 random moments the
 * running task drops below all others. Finds a bug of depth d among n tasks with probability at least
 * 1/(n·k^(d-1)). Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
 */
export class PriorityChangePoints implements Strategy {
  readonly #uniform: Uniform;
  readonly #choicesPerRun: number;
  readonly #changePoints = new Set<number>();
  /** By `SimTask.ordinal`. */
  readonly #priorities: (number | undefined)[] = [];
  #choices = 0;
  #lowest = 0;

  constructor(uniform: Uniform, options: PriorityChangePointsOptions) {
    this.#uniform = uniform;
    this.#choicesPerRun = options.choicesPerRun;
    for (let change = 1; change < options.depth; change++) {
      this.#changePoints.add(1 + uniform.below(options.choicesPerRun));
    }
  }

  pick(eligible: EligibleQueue): number {
    this.#choices++;
    if (this.#choices > this.#choicesPerRun) return this.#uniform.below(eligible.length);
    let best = this.#highest(eligible);
    if (this.#changePoints.has(this.#choices)) {
      this.#priorities[eligible.at(best).task.ordinal] = --this.#lowest;
      best = this.#highest(eligible);
    }
    return best;
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
