import type { Draws, Machine } from '../sim/index.ts';

/** What the faults of a run work with, whatever they break. */
export interface FaultKit {
  /** The stream that decides on `kind` of faults of `machine`. */
  draws(machine: Machine, kind: string): Draws;
  /** How many steps the run has made. */
  steps(): number;
  /** Runs `effect` between two steps, once so many more have been made. */
  afterSteps(steps: number, name: string, effect: () => void): void;
  /** Runs `effect` once so much virtual time has passed. */
  after(ms: number, name: string, machine: Machine, effect: () => void): void;
  /** Whether faults have come to their end: nothing may be injected any more. */
  isOver(): boolean;
  /** Calls `heal` when faults come to their end. */
  onEnd(heal: () => void): void;
  /** Counts a fault of `machine`, and tells of it. */
  injected(fault: string, machine: Machine, told: string): void;
}
