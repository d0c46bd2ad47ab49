import type { EligibleQueue } from './eligible-queue.ts';
import type { Pending } from './pending.ts';
import type { Strategy } from './strategies/index.ts';

/**
 * What an earlier schedule of the same workload and faults looked like: what the strategies that aim (PCT,
 * SURW, delays) aim with. Plain data, kept in run files.
 */
export interface ScheduleProfile {
  /**
   * k: operations delivered, those too that left no choice. How often there is a choice depends on the schedule
   * itself, for a task that is held back makes one of every step; how many steps there are hardly does.
   */
  readonly steps: number;
  /** How many operations each task delivered on each resource: path of the task, resource, count. */
  readonly chains: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Nothing but a guess of how many steps a run makes. */
export function guessedProfile(steps: number): ScheduleProfile {
  return { steps, chains: {} };
}

/** Lets another strategy decide and measures the schedule that comes of it. */
export class Profiler implements Strategy {
  readonly #strategy: Strategy;
  readonly #chains = new Map<string, Map<string, number>>();
  #steps = 0;

  constructor(strategy: Strategy) {
    this.#strategy = strategy;
  }

  pick(eligible: EligibleQueue): number {
    return this.#strategy.pick(eligible);
  }

  delivered(pending: Pending, eligible: EligibleQueue): void {
    this.#strategy.delivered?.(pending, eligible);
    const { resource } = pending;
    this.#steps++;
    let counts = this.#chains.get(pending.task.path);
    if (counts === undefined) {
      counts = new Map();
      this.#chains.set(pending.task.path, counts);
    }
    counts.set(resource, (counts.get(resource) ?? 0) + 1);
  }

  /** At least one step, so that there is something to draw from. */
  profile(): ScheduleProfile {
    const chains = [...this.#chains].map(([path, counts]) => [path, Object.fromEntries(counts)] as const);
    return { steps: Math.max(1, this.#steps), chains: Object.fromEntries(chains) };
  }
}
