import type { EligibleQueue, Pending, Strategy } from '../../sim/index.ts';

/** A step at which one of several operations was delivered. */
export interface ChoicePoint {
  /** Counted from 1. */
  readonly step: number;
  /** How many operations were eligible. */
  readonly width: number;
}

/** Lets another strategy decide, and notes where there was a choice. */
export class ChoiceLog implements Strategy {
  readonly points: ChoicePoint[] = [];
  readonly #strategy: Strategy;
  readonly #beforeStep: (() => void) | undefined;
  #step = 1;

  /** `beforeStep` is called before each step takes effect. */
  constructor(strategy: Strategy, beforeStep?: () => void) {
    this.#strategy = strategy;
    this.#beforeStep = beforeStep;
  }

  pick(eligible: EligibleQueue): number {
    this.points.push({ step: this.#step, width: eligible.length });
    return this.#strategy.pick(eligible);
  }

  delivered(pending: Pending, eligible: EligibleQueue): void {
    this.#beforeStep?.();
    this.#strategy.delivered?.(pending, eligible);
    this.#step++;
  }
}
