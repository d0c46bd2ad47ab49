import type { EligibleQueue } from '../eligible-queue.ts';
import type { Pending } from '../pending.ts';

/** Decides which of several eligible operations is delivered next. */
export interface Strategy {
  /**
   * An index into `eligible`, which is in the order of becoming eligible and has at least two entries.
   * The queue belongs to the kernel: look and take nothing.
   */
  pick(eligible: EligibleQueue): number;

  /**
   * Hears of every delivery before it takes effect, of those too that left no choice; `eligible` is what
   * remains.
   */
  delivered?(pending: Pending, eligible: EligibleQueue): void;
}
