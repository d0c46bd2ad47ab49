import type { EligibleQueue } from '../eligible-queue.ts';

/** Decides which of several eligible operations is delivered next. */
export interface Strategy {
  /**
   * An index into `eligible`, which is in the order of becoming eligible and has at least two entries.
   * The queue belongs to the kernel: look, take nothing, keep nothing.
   */
  pick(eligible: EligibleQueue): number;
}
