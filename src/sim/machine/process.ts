import type { Parked, Ports, Task } from '../../ports/index.ts';
import { SimulationError } from '../errors.ts';
import { type Kernel, SimScheduler, type TaskOwner } from '../schedule/index.ts';
import type { Disk } from '../disk/index.ts';
import { SimFileSystem } from '../disk/index.ts';
import type { FaultInjector } from '../faults/index.ts';
import type { StandIn } from '../guard/index.ts';
import { watchingSyncs } from './sync-watch.ts';

/** A call whose process went away before it answered: it may have taken effect or not. */
export class ProcessGoneError extends SimulationError {
  constructor(process: string, call: string) {
    super('SIM_PROCESS_GONE', `${process} went away during "${call}": whether it took effect is unknown.`);
    this.name = 'ProcessGoneError';
  }
}

export interface ProcessOptions {
  readonly kernel: Kernel;
  readonly disk: Disk;
  /** What its file-system calls meet; without it nothing goes wrong. */
  readonly faults?: FaultInjector | undefined;
  /** Called right before and right after each of its syncs takes effect. */
  readonly onSync?: (() => void) | undefined;
  /** Of a buffer that it hands to the file system: its machine has no more memory. Default: any. */
  readonly bufferBytesMax?: number | undefined;
  /** Everything but the file system and the scheduler, which belong to the process alone. */
  readonly ports: Omit<Ports, 'fs' | 'scheduler'>;
}

/**
 * A running program: the tasks, handles and memory that `kill` takes away at once. Others reach it
 * through `call` only, as they would through a socket.
 */
export class SimProcess implements TaskOwner {
  readonly name: string;
  readonly ports: Ports;
  readonly #kernel: Kernel;
  readonly #fs: SimFileSystem;
  readonly #calls = new Map<Parked<never>, string>();
  readonly #onGone: (() => void)[] = [];
  #standIns: ReadonlyMap<string, StandIn> | undefined;
  #running = true;

  constructor(name: string, options: ProcessOptions) {
    this.name = name;
    this.#kernel = options.kernel;
    const { faults, onSync } = options;
    this.#fs = new SimFileSystem(
      options.disk,
      options.kernel,
      onSync === undefined ? faults?.intercept : watchingSyncs(onSync, faults?.intercept),
      faults && ((call) => faults.delay(call)),
      options.bufferBytesMax,
    );
    this.ports = {
      ...options.ports,
      fs: this.#fs,
      scheduler: new SimScheduler(options.kernel, this),
    };
  }

  get running(): boolean {
    return this.#running;
  }

  /** Paths of the files it has open, one for each handle. */
  get openHandles(): readonly string[] {
    return this.#fs.openHandles();
  }

  /** From now on `standIns` answer what code of this process asks of Node itself; without them that is a leak. */
  standInForNode(standIns: ReadonlyMap<string, StandIn>): void {
    this.#standIns = standIns;
  }

  /** What answers in the place of `what`, as the guard names it. */
  standInFor(what: string): StandIn | undefined {
    return this.#standIns?.get(what);
  }

  /** Starts a task inside the process. */
  spawn<T>(name: string, body: () => Promise<T>): Task<T> {
    return this.#kernel.spawn(this, name, body);
  }

  /**
   * Runs `body` as a task of the process and hands back what it returned or threw. Rejects with
   * `ProcessGoneError` when the process is gone, or goes before it answers.
   */
  async call<T>(name: string, body: () => Promise<T>): Promise<T> {
    if (!this.#running) {
      await this.#kernel.yield();
      throw new ProcessGoneError(this.name, name);
    }
    const answer = this.#kernel.park<T>(`${this.name} to answer ${name}`);
    const call = answer as Parked<never>;
    this.#calls.set(call, name);
    this.spawn(name, async () => {
      try {
        answer.wake(await body());
      } catch (error) {
        answer.fail(error);
      } finally {
        this.#calls.delete(call);
      }
    });
    return answer.promise;
  }

  /** Calls `listener` once, when the process is killed, its machine's loss of power included. */
  onGone(listener: () => void): void {
    this.#onGone.push(listener);
  }

  /**
   * SIGSTOP: none of its tasks runs until `resume`, nor does what they asked of the disk take effect. Calls
   * and requests to it wait, and its timers pile up.
   */
  pause(): void {
    if (this.#running) this.#kernel.pause(this);
  }

  /** SIGCONT; also without a pause, or when it is gone. */
  resume(): void {
    this.#kernel.resume(this);
  }

  /** SIGKILL: nothing of it runs again and its handles are gone; what it wrote stays in the page cache. */
  kill(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#kernel.abandon(this);
    this.#fs.abandon();
    for (const [call, name] of this.#calls) call.fail(new ProcessGoneError(this.name, name));
    this.#calls.clear();
    for (const listener of this.#onGone.splice(0)) listener();
  }
}
