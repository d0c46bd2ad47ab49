import type { Draws, Stream } from '../choices/index.ts';
import { errnoOf, type Parked, type Task, type Timer } from '../../ports/index.ts';
import { hashName, type RollingDigest, type Trace, type Waiting } from '../trace/index.ts';
import { Alarms } from './alarms.ts';
import type { Device } from './device.ts';
import { EligibleQueue } from './eligible-queue.ts';
import { Pending } from './pending.ts';
import { PendingHeap } from './pending-heap.ts';
import { SimTask, type TaskOwner } from './sim-task.ts';
import { Standstill } from './standstill.ts';
import { StepLog } from './step-log.ts';
import { type Overtaking, overtakingAt, type Strategy } from './strategies/index.ts';
import { StuckError, type StuckKind, type StuckTask } from './stuck.ts';
import { type Outcome, TaskEnd } from './task-end.ts';

export interface KernelOptions {
  readonly strategy: Strategy;
  /** Where picks are recorded and replayed. */
  readonly picks: Stream;
  /** The stream from which a task's operations draw their latency. */
  latencyOf(task: SimTask): Draws;
  readonly latency: LatencyModel;
  readonly digest: RollingDigest;
  readonly trace: Trace | undefined;
  /** The run is a livelock beyond this. */
  readonly stepsMax: number;
  /** Looks on while a run is taken apart; exploration goes without. */
  readonly observer?: KernelObserver | undefined;
  /** Called when an alarm has rung between two steps, and what it does is done. */
  readonly onAlarm?: (() => void) | undefined;
}

export interface KernelObserver {
  /** A pick that is not first in line is about to be delivered. */
  overtaken(overtaking: Overtaking): void;
  /** A step is over, but for the microtasks that it causes. */
  delivered(owner: TaskOwner, operation: string, resource: string): void;
}

/**
 * Of `outOf` operations of a device, `slow` take 1 to `microsMax` virtual microseconds before they are
 * eligible; the others are eligible at once. Latency decides *when* an operation may complete; the
 * strategy decides which eligible one is *next*.
 */
export interface LatencyModel {
  readonly slow: number;
  readonly outOf: number;
  readonly microsMax: number;
}

/** Virtual time that a step takes: a clock that is read twice has moved on, and a spin comes to its end. */
const stepMicros = 1;

/**
 * The simulated event loop. A step delivers one pending operation and lets its continuation run until
 * every microtask it caused is done; what that continuation asks for becomes pending in turn.
 *
 * Exactly one task runs in a step, so the running task is known without asking: `current`. This rests
 * on the rule of the `Scheduler` port that tasks wake each other only through `park`.
 */
export class Kernel implements Device {
  readonly #options: KernelOptions;
  readonly #eligible = new EligibleQueue();
  readonly #later = new PendingHeap();
  readonly #standstill = new Standstill();
  readonly #parked = new Map<object, ParkedTask>();
  readonly #latencies = new Map<SimTask, Draws>();
  readonly #root: SimTask;
  readonly #log: StepLog;
  readonly #trace: Trace | undefined;
  readonly #alarms = new Alarms();
  readonly #picks: Stream;
  readonly #stepsMax: number;
  readonly #observer: KernelObserver | undefined;
  readonly #strategy: Strategy;
  readonly #propose: () => number;
  readonly #unjoined = new Map<object, TaskFailure>();
  /** The step at which the run is a livelock, or the next alarm rings. */
  #nextHalt: number;
  #nowMicros = 0;
  #sequence = 0;
  #steps = 0;
  #choices = 0;
  #tasks = 0;
  #current: SimTask;

  constructor(rootOwner: TaskOwner, options: KernelOptions) {
    this.#options = options;
    this.#log = new StepLog(options.digest, options.trace);
    this.#trace = options.trace;
    this.#picks = options.picks;
    this.#stepsMax = options.stepsMax;
    this.#observer = options.observer;
    this.#nextHalt = options.stepsMax;
    this.#strategy = options.strategy;
    this.#propose = () => this.#strategy.pick(this.#eligible);
    this.#root = new SimTask(rootOwner.name, rootOwner, this.#tasks++);
    this.#current = this.#root;
  }

  /** Virtual microseconds since the world began. */
  get nowMicros(): number {
    return this.#nowMicros;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Tasks that were ever started, the root included. */
  get tasks(): number {
    return this.#tasks;
  }

  /** Steps at which more than one operation was eligible. */
  get choices(): number {
    return this.#choices;
  }

  /** The task whose continuation is running. */
  get current(): SimTask {
    return this.#current;
  }

  /** Tasks whose body rejected and that nobody has joined. */
  get unjoinedFailures(): readonly TaskFailure[] {
    return [...this.#unjoined.values()];
  }

  perform<T>(
    operation: string,
    resource: string,
    effect: () => T,
    fingerprint?: (result: T) => number,
  ): Promise<T> {
    const task = this.#current;
    return new Promise<T>((resolve, reject) => {
      this.#ask(task, operation, resource, this.#latency(task), () => {
        let result: T;
        try {
          result = effect();
        } catch (error) {
          reject(error);
          return outcomeOfError(error);
        }
        resolve(result);
        return fingerprint === undefined ? 0 : fingerprint(result);
      });
    });
  }

  /** Gives other tasks a turn. */
  yield(): Promise<void> {
    let deliver!: () => void;
    const promise = new Promise<void>((resolve) => {
      deliver = resolve;
    });
    this.#ask(this.#current, 'yield', '', 0, deliver);
    return promise;
  }

  /** Fires `durationMicros` from now. Calling it off is a step of its own for the task that waits. */
  timer(durationMicros: number): Timer {
    const task = this.#current;
    let settle!: (fired: boolean) => void;
    let settled = false;
    const end = (outcome: boolean): number => {
      if (settled) return 0;
      settled = true;
      settle(outcome);
      return outcome ? 1 : 2;
    };
    const fired = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const pending = this.#ask(task, 'timer', '', durationMicros, () => end(true));
    return {
      fired,
      cancel: () => {
        if (settled || pending.cancelled) return;
        pending.cancelled = true;
        this.#ask(task, 'timer', 'cancelled', 0, () => end(false));
      },
    };
  }

  park<T>(waitingFor: string, heldBy?: () => string | undefined): Parked<T> {
    const task = this.#current;
    const token = {};
    let woken = false;
    let resolve!: (value: T) => void;
    let reject!: (error: unknown) => void;
    const promise = new Promise<T>((onValue, onError) => {
      resolve = onValue;
      reject = onError;
    });
    this.#parked.set(token, { task, waitingFor, heldBy });
    const end = (settle: () => void, outcome: number): void => {
      if (woken || !this.#parked.delete(token)) return;
      woken = true;
      this.#ask(task, 'wake', waitingFor, 0, () => {
        settle();
        return outcome;
      });
    };
    return {
      promise,
      wake: (value) => end(() => resolve(value), 0),
      fail: (error) => end(() => reject(error), outcomeOfError(error)),
    };
  }

  /** Starts `body` as a child of the current task that dies with `owner`. */
  spawn<T>(owner: TaskOwner, name: string, body: () => Promise<T>): Task<T> {
    const task = new SimTask(this.#current.childPath(name), owner, this.#tasks++);
    const end = new TaskEnd<T>();
    const finish = (outcome: Outcome<T>): void => {
      if (!outcome.ok && !end.isAwaited) {
        this.#unjoined.set(end, { task: task.path, owner, error: outcome.error });
      }
      end.reach(outcome);
    };
    this.#ask(task, 'start', '', 0, () => {
      body().then(
        (value) => finish({ ok: true, value }),
        (error: unknown) => finish({ ok: false, error }),
      );
      return 0;
    });
    return {
      name: task.path,
      join: async () => {
        const { outcome } = end;
        if (outcome === undefined) return end.wait(this.park<T>(`task ${task.path} to end`));
        if (outcome.ok) return outcome.value;
        this.#unjoined.delete(end);
        throw outcome.error;
      },
    };
  }

  /**
   * Delivers `effect` once `delayMicros` have passed, as a task of its own that nobody waits for: a message
   * on its way. It returns what the digest folds in.
   */
  post(
    owner: TaskOwner,
    operation: string,
    resource: string,
    delayMicros: number,
    effect: () => number,
  ): Pending {
    const task = new SimTask(this.#current.childPath(operation), owner, this.#tasks++);
    return this.#ask(task, operation, resource, delayMicros, effect);
  }

  /** Runs `effect` between two steps, as soon as `steps` more have been made. */
  afterSteps(steps: number, name: string, effect: () => void): void {
    this.#alarms.set({ step: this.#steps + steps, name, effect });
    this.#setNextHalt();
  }

  /** Runs `effect` between two steps, as soon as `operation` has been delivered `times` more often. */
  afterOperations(operation: string, times: number, name: string, effect: () => void): void {
    this.#alarms.watch(operation, times, name, effect);
  }

  /** No task of `owner` runs until `resume`: what they wait for piles up. Others, and time, go on. */
  pause(owner: TaskOwner): void {
    this.#standstill.begin(owner);
    this.#eligible.remove((pending) => this.#standstill.holds(pending));
  }

  /** Ends a pause of `owner`; without one it does nothing. */
  resume(owner: TaskOwner): void {
    for (const pending of this.#standstill.end(owner)) this.#eligible.push(pending);
  }

  isPaused(owner: TaskOwner): boolean {
    return this.#standstill.has(owner);
  }

  /** Ends every task of `owner`: what they wait for is never delivered, so they never run again. */
  abandon(owner: TaskOwner): void {
    const doomed = (pending: Pending): boolean => pending.task.owner === owner;
    this.#standstill.end(owner);
    this.#eligible.remove(doomed);
    this.#later.remove(doomed);
    for (const [token, parked] of this.#parked) {
      if (parked.task.owner === owner) this.#parked.delete(token);
    }
    for (const [task] of this.#latencies) if (task.owner === owner) this.#latencies.delete(task);
  }

  /**
   * Delivers one operation, jumping to the next due time when nothing is eligible. The caller drains
   * the microtasks. Returns `false` when there is nothing to deliver, now or later.
   */
  step(): boolean {
    if (this.#steps >= this.#nextHalt) this.#halt();
    if (!this.#later.isEmpty) this.#bringForward();
    const eligible = this.#eligible;
    const { length } = eligible;
    if (length === 0) return false;
    const index = length === 1 ? 0 : this.#pick(length);
    const pending = eligible.at(index);
    const { task } = pending;
    if (index > 0) this.#observer?.overtaken(overtakingAt(eligible, index));
    this.#nowMicros += stepMicros;
    this.#steps++;
    this.#current = task;
    task.steps++;
    eligible.delete(index);
    this.#strategy.delivered?.(pending, eligible);
    const { operation, resource } = pending;
    const outcome = pending.deliver() ?? 0;
    this.#log.add(this.#steps, this.#nowMicros, task, operation, resource, outcome);
    this.#trace?.delivered(pending.sequence, this.#steps, task.owner.name, length - 1);
    if (this.#alarms.areWatching && this.#alarms.delivered(operation, this.#steps)) this.#setNextHalt();
    this.#observer?.delivered(task.owner, operation, resource);
    return true;
  }

  /** What every unfinished task waits for, as an error that says so. */
  stuck(): StuckError {
    return this.#stuck('deadlock');
  }

  /** What every task that has not ended waits for, between two steps. */
  waiting(): Waiting[] {
    const waiting: Waiting[] = [];
    const add = (pending: Pending, state: Waiting['state']): void => {
      const { task, text: on, dueMicros } = pending;
      const due = state === 'later' ? { dueMicros } : {};
      waiting.push({ key: pending, task: task.path, owner: task.owner.name, on, state, ...due });
    };
    for (const [key, { task, waitingFor, heldBy }] of this.#parked) {
      const held = heldBy?.();
      const by = held === undefined ? {} : { heldBy: held };
      waiting.push({ key, task: task.path, owner: task.owner.name, on: waitingFor, state: 'parked', ...by });
    }
    for (let index = 0; index < this.#eligible.length; index++) add(this.#eligible.at(index), 'ready');
    for (const pending of this.#standstill) add(pending, 'paused');
    for (const pending of this.#later) add(pending, 'later');
    return waiting;
  }

  /** Notes something for the full trace; costs nothing without one. */
  note(text: () => string): void {
    this.#trace?.notes.push({
      step: this.#steps,
      timeMicros: this.#nowMicros,
      task: this.#current.path,
      text: text(),
    });
  }

  /** Makes eligible what is due; when nothing else is, jumps to the time when something will be. */
  #bringForward(): void {
    let nextDueMicros = this.#later.nextDueMicros();
    do {
      if (this.#eligible.length === 0 && nextDueMicros !== Infinity) {
        this.#nowMicros = Math.max(this.#nowMicros, nextDueMicros);
      }
      while (nextDueMicros <= this.#nowMicros) {
        this.#enter(this.#later.pop()!);
        nextDueMicros = this.#later.nextDueMicros();
      }
      // What was due may belong to somebody who stands still.
    } while (this.#eligible.length === 0 && nextDueMicros !== Infinity);
  }

  #pick(length: number): number {
    this.#choices++;
    return this.#picks.isTaped
      ? this.#picks.decide(length, this.#propose)
      : this.#strategy.pick(this.#eligible);
  }

  /** What is to be done before the next step, once `#nextHalt` is reached. */
  #halt(): void {
    if (this.#steps >= this.#stepsMax) throw this.#stuck('livelock');
    this.#ringAlarms();
  }

  #setNextHalt(): void {
    this.#nextHalt = Math.min(this.#stepsMax, this.#alarms.nextStep);
  }

  #ringAlarms(): void {
    for (;;) {
      const alarm = this.#alarms.takeDue(this.#steps);
      if (alarm === undefined) break;
      this.#current = this.#root;
      alarm.effect();
      this.#log.add(this.#steps, this.#nowMicros, this.#root, 'fault', alarm.name, 0);
      this.#options.onAlarm?.();
    }
    this.#setNextHalt();
  }

  #ask(
    task: SimTask,
    operation: string,
    resource: string,
    delayMicros: number,
    deliver: () => number | void,
  ): Pending {
    this.#trace?.asked(this.#sequence, this.#steps, this.#nowMicros);
    const pending = new Pending(
      task,
      operation,
      resource,
      this.#nowMicros + delayMicros,
      this.#sequence++,
      deliver,
    );
    if (delayMicros <= 0) this.#enter(pending);
    else this.#later.push(pending);
    return pending;
  }

  /** It is due, and so eligible unless its owner stands still. */
  #enter(pending: Pending): void {
    if (this.#standstill.isEmpty || !this.#standstill.holds(pending)) this.#eligible.push(pending);
  }

  #latency(task: SimTask): number {
    const { slow, outOf, microsMax } = this.#options.latency;
    if (slow === 0) return 0;
    let draws = this.#latencies.get(task);
    if (draws === undefined) {
      draws = this.#options.latencyOf(task);
      this.#latencies.set(task, draws);
    }
    // One draw: the first (outOf - slow)/outOf of the domain means no latency, so that 0 is calmest.
    const calm = Math.floor((microsMax * (outOf - slow)) / slow);
    return Math.max(0, draws.choose(calm + microsMax) - calm + 1);
  }

  #stuck(kind: StuckKind): StuckError {
    const tasks: StuckTask[] = [...this.#parked.values()].map(({ task, waitingFor, heldBy }) => ({
      task: task.path,
      waitingFor,
      heldBy: heldBy?.(),
      steps: task.steps,
    }));
    for (let index = 0; index < this.#eligible.length; index++) {
      const pending = this.#eligible.at(index);
      tasks.push({ task: pending.task.path, waitingFor: pending.text, steps: pending.task.steps });
    }
    for (const { task, text } of this.#standstill) {
      const waitingFor = `${task.owner.name} to go on, then ${text}`;
      tasks.push({ task: task.path, waitingFor, steps: task.steps });
    }
    return new StuckError(kind, this.#steps, this.#nowMicros, tasks);
  }
}

interface ParkedTask {
  readonly task: SimTask;
  readonly waitingFor: string;
  readonly heldBy: (() => string | undefined) | undefined;
}

export interface TaskFailure {
  readonly task: string;
  readonly owner: TaskOwner;
  readonly error: unknown;
}

/** Errors differ in the digest by their code; messages may differ between releases of Node. */
function outcomeOfError(error: unknown): number {
  const code = errnoOf(error) ?? (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? hashName(code) : 0xffffffff;
}
