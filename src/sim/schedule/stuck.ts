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

  constructor(kind: StuckKind, summary: string, tasks: readonly StuckTask[]) {
    const lines = tasks.map(({ task, waitingFor, heldBy, steps }) => {
      const held = heldBy === undefined ? '' : `, which ${heldBy} holds`;
      return `  ${task} (${steps} steps) waits for ${waitingFor}${held}`;
    });
    super(kind === 'deadlock' ? 'SIM_DEADLOCK' : 'SIM_LIVELOCK', [summary, ...lines].join('\n'));
    this.name = 'StuckError';
    this.kind = kind;
    this.tasks = tasks;
  }
}
