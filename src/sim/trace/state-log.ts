import type { TraceStep } from './trace.ts';
import type { FileState, MachineState, TaskState, TaskWait, WorldState } from './world-state.ts';

/** The states that a run went through, as differences: `stateAt` puts them together. JSON. */
export interface ReplayStates {
  /** Step after which `base` was. Steps before it were left out. */
  readonly baseStep: number;
  readonly baseMicros: number;
  readonly base: WorldState;
  readonly frames: readonly StateFrame[];
}

/**
 * A step, or a fault that came between two steps (operation `fault`, and the step that it came after), and what
 * is different after it.
 */
export interface StateFrame extends Omit<TraceStep, 'fingerprint'> {
  /** By name. Of a machine that is new, everything. */
  readonly machines?: Readonly<Record<string, MachineChange>>;
  /** By path; `null`: has ended, or died. */
  readonly tasks?: Readonly<Record<string, TaskState | null>>;
}

/** What is not named here is as before. */
export interface MachineChange extends Partial<Omit<MachineState, 'files'>> {
  /** By path; `null`: gone. */
  readonly files?: Readonly<Record<string, FileState | null>>;
}

/** What is kept of a long run: its end, where it failed. */
export interface StateLimits {
  /** Steps up to this are left out. */
  readonly fromStep: number;
  /** Most bytes of JSON, about, that frames may take; the oldest go first. */
  readonly bytesMax: number;
}

/** The state after frame `index`; before the first frame with -1. */
export function stateAt({ base, frames }: ReplayStates, index: number): WorldState {
  return frames.slice(0, index + 1).reduce(applied, base);
}

/** A task that waits, as the kernel tells it. `key` is the same while it waits for the same thing. */
export interface Waiting extends Omit<TaskWait, 'sinceStep' | 'sinceMicros'> {
  readonly key: object;
  readonly task: string;
  readonly owner: string;
}

interface Snapshot {
  readonly machines: Readonly<Record<string, MachineState>>;
  readonly waiting: readonly Waiting[];
}

type Began = Pick<TaskWait, 'sinceStep' | 'sinceMicros'>;

/** Keeps what is different after each step. */
export class StateLog {
  readonly #limits: StateLimits;
  readonly #frames: StateFrame[] = [];
  readonly #sizes: number[] = [];
  #bytes = 0;
  #baseStep = 0;
  #baseMicros = 0;
  #base: WorldState | undefined;
  #last: WorldState = { machines: {}, tasks: {} };
  #since = new Map<object, Began>();

  constructor(limits: StateLimits) {
    this.#limits = limits;
  }

  /** Looks at the world as `ran`, its last step or fault, has left it; `undefined` before the first. */
  look(ran: TraceStep | undefined, take: () => Snapshot): void {
    const { step, timeMicros } = ran ?? { step: 0, timeMicros: 0 };
    if (step < this.#limits.fromStep) return;
    const { machines, waiting } = take();
    const state = { machines, tasks: this.#tasks(waiting, step, timeMicros) };
    if (this.#base === undefined || ran === undefined) {
      this.#base = state;
      this.#baseStep = step;
      this.#baseMicros = timeMicros;
    } else {
      this.#add(ran, state);
    }
    this.#last = state;
  }

  get states(): ReplayStates {
    const { base, frames } = { base: this.#base ?? this.#last, frames: this.#frames };
    return { baseStep: this.#baseStep, baseMicros: this.#baseMicros, base, frames };
  }

  #add(step: TraceStep, state: WorldState): void {
    const { fingerprint: _, ...ran } = step;
    const frame = { ...ran, ...difference(this.#last, state) };
    const size = JSON.stringify(frame).length;
    this.#frames.push(frame);
    this.#sizes.push(size);
    this.#bytes += size;
    while (this.#bytes > this.#limits.bytesMax) this.#dropOldest();
  }

  #dropOldest(): void {
    const frame = this.#frames.shift();
    if (frame === undefined || this.#base === undefined) return;
    this.#base = applied(this.#base, frame);
    this.#baseStep = frame.step;
    this.#baseMicros = frame.timeMicros;
    this.#bytes -= this.#sizes.shift() ?? 0;
  }

  #tasks(waiting: readonly Waiting[], sinceStep: number, sinceMicros: number): Record<string, TaskState> {
    const since = new Map<object, Began>();
    const tasks = new Map<string, { readonly owner: string; readonly waits: TaskWait[] }>();
    for (const { key, task, owner, ...wait } of waiting) {
      const began = this.#since.get(key) ?? { sinceStep, sinceMicros };
      since.set(key, began);
      const known = tasks.get(task) ?? { owner, waits: [] };
      known.waits.push({ ...wait, ...began });
      tasks.set(task, known);
    }
    this.#since = since;
    return Object.fromEntries([...tasks].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

function difference(before: WorldState, after: WorldState): Pick<StateFrame, 'machines' | 'tasks'> {
  const machines: Record<string, MachineChange> = {};
  for (const [name, machine] of Object.entries(after.machines)) {
    const change = machineChange(before.machines[name], machine);
    if (Object.keys(change).length > 0) machines[name] = change;
  }
  return { ...named('machines', machines), ...named('tasks', changed(before.tasks, after.tasks)) };
}

function machineChange(before: MachineState | undefined, after: MachineState): MachineChange {
  const { clock, process, isPaused, files } = after;
  return {
    ...(isSame(before?.clock, clock) ? {} : { clock }),
    ...(before?.process === process ? {} : { process }),
    ...(before?.isPaused === isPaused ? {} : { isPaused }),
    ...named('files', changed(before?.files ?? {}, files)),
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What has another value, or is new; `null` for what is gone. */
function changed<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
): Record<string, Value | null> {
  const changes: Record<string, Value | null> = {};
  for (const [key, value] of Object.entries(after)) {
    if (!isSame(before[key], value)) changes[key] = value;
  }
  for (const key of Object.keys(before)) if (!(key in after)) changes[key] = null;
  return changes;
}

function named<Name extends string, Value extends object>(
  name: Name,
  value: Value,
): Partial<Record<Name, Value>> {
  return Object.keys(value).length === 0 ? {} : ({ [name]: value } as Record<Name, Value>);
}

function applied(state: WorldState, { machines = {}, tasks = {} }: StateFrame): WorldState {
  const changedMachines = Object.entries(machines).map(([name, { files = {}, ...change }]) => {
    const known = state.machines[name];
    const machine = { ...known, ...change, files: merged(known?.files ?? {}, files) };
    return [name, machine as MachineState] as const;
  });
  return {
    machines: { ...state.machines, ...Object.fromEntries(changedMachines) },
    tasks: merged(state.tasks, tasks),
  };
}

function merged<Value>(
  before: Readonly<Record<string, Value>>,
  changes: Readonly<Record<string, Value | null>>,
): Record<string, Value> {
  const all = Object.entries({ ...before, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, Value] => entry[1] !== null));
}
