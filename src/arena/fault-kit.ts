import type { Draws, Machine } from '../sim/index.ts';
import type { AnchoredFault } from './anchors/index.ts';

/** How many faults of a kind a run has at most, and 1 to how many steps lie between two of them. */
export interface SequenceRate {
  readonly max: number;
  readonly distanceStepsMax: number;
}

/** Injects one fault, by draws of its own; `next` plans the one after it. */
export type Inject = (draws: Draws, next: () => void) => void;

/** Injects a fault again as it is planned; `false` when there was nothing to do it to. */
export type PlannedEffect = (fault: AnchoredFault) => boolean | void;

/** What the faults of a run work with, whatever they break. */
export interface FaultKit {
  /** The stream that decides on `kind` of faults of `machine`. */
  draws(machine: Machine, kind: string): Draws;
  /** Steps of the run so far. */
  steps(): number;
  /** Runs `effect` between two steps, once so many more have been made. */
  afterSteps(steps: number, name: string, effect: () => void): void;
  /** Runs `effect` once so much virtual time has passed. */
  after(ms: number, name: string, machine: Machine, effect: () => void): void;
  /**
   * Injects faults of `kind` one after the other, as many as are drawn. Each has draws of its own and can be left
   * out without disturbing the others.
   */
  sequence(machine: Machine, kind: string, rate: SequenceRate, inject: Inject): void;
  /** Whether the faults of `kind` are planned by landmarks; if so, these and no others happen to `machine`. */
  follows(machine: Machine, kind: AnchoredFault['kind'], effect: PlannedEffect): boolean;
  /** Whether faults have come to their end: nothing may be injected any more. */
  isOver(): boolean;
  /** Calls `heal` when faults come to their end. */
  onEnd(heal: () => void): void;
  /** Counts a fault of `machine`, and tells of it. */
  injected(fault: string, machine: Machine, told: string): void;
  /** Remembers where in the run a fault came, so that it can be planned there. */
  note(machine: Machine, fault: Pick<AnchoredFault, 'kind' | 'number' | 'place'>): void;
}
