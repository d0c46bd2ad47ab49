import { SimulationError } from '../errors.ts';

/** A task that did not come to its end, and why. */
export interface StuckTask {
  readonly task: string;
  /** `mutex wal.append`, `fs.write /data/wal/000000000001.seg`, ... */
  readonly waitingFor: string;
  /** The task that holds it, where that is known. */
  readonly heldBy?: string | undefined;
  /** Steps that the task had run. */
  readonly steps: number;
}

export type StuckKind =
  /** Nothing can run and no timer is set. */
  | 'deadlock'
  /** The run used up its steps without ending. */
  | 'livelock';

/** A run that cannot end. `code` is `SIM_DEADLOCK` or `SIM_LIVELOCK`. */
export class StuckError extends SimulationError {
  readonly kind: StuckKind;
  readonly tasks: readonly StuckTask[];

  /** After so many steps and so much virtual time; `tasks` in any order. */
  constructor(kind: StuckKind, steps: number, nowMicros: number, tasks: readonly StuckTask[]) {
    const busiestFirst = tasks.toSorted((one, other) => other.steps - one.steps);
    const lines = busiestFirst.map(({ task, waitingFor, heldBy, steps }) => {
      const held = heldBy === undefined ? '' : `, which ${heldBy} holds`;
      return `  ${task} (${steps} steps) waits for ${waitingFor}${held}`;
    });
    const seconds = (nowMicros / 1e6).toFixed(3);
    const summary =
      kind === 'deadlock'
        ? `Deadlock after ${steps} steps (${seconds} s of virtual time): nothing can run and no timer is set.`
        : `Livelock: ${steps} steps (${seconds} s of virtual time) used up without coming to an end.`;
    super(kind === 'deadlock' ? 'SIM_DEADLOCK' : 'SIM_LIVELOCK', [summary, ...lines].join('\n'));
    this.name = 'StuckError';
    this.kind = kind;
    this.tasks = busiestFirst;
  }
}
