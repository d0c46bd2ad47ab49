import type { SimTask } from './sim-task.ts';

/** An operation that has been asked for and not been delivered. Plain fields: the hot path makes these. */
export class Pending {
  readonly task: SimTask;
  readonly operation: string;
  readonly resource: string;
  /** Not eligible before this virtual time. */
  readonly dueMicros: number;
  /** The order of asking; breaks ties of `dueMicros`. */
  readonly sequence: number;
  /** Runs the effect and settles the promise; returns the outcome that the digest folds in. */
  readonly deliver: () => number | void;
  /** Called off while still in the future: to be forgotten, as if never asked. */
  cancelled = false;
  /** Of POS, which draws it when it first looks, and again when this is 0. */
  priority = 0;

  constructor(
    task: SimTask,
    operation: string,
    resource: string,
    dueMicros: number,
    sequence: number,
    deliver: () => number | void,
  ) {
    this.task = task;
    this.operation = operation;
    this.resource = resource;
    this.dueMicros = dueMicros;
    this.sequence = sequence;
    this.deliver = deliver;
  }

  /** What its task waits for: `fs.write /data/wal/000000000001.seg`. */
  get text(): string {
    return `${this.operation} ${this.resource}`.trim();
  }
}
