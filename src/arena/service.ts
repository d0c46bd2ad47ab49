import { Violation } from '../check/index.ts';
import { errnoOf, type Parked, type Ports } from '../ports/index.ts';
import {
  type FetchHandler,
  type Machine,
  nodeStandIns,
  ProcessGoneError,
  type SimProcess,
} from '../sim/index.ts';
import type { ArenaContext } from './context.ts';

export interface ServiceOptions<System> {
  /** Of its machine, and the address that it answers at: `node-1`. */
  readonly name: string;
  /**
   * Starts the system in a new process: at first on an empty disk, then on what a crash has left. What it resolves
   * with is the process's memory: a crash takes it away.
   */
  start(ports: Ports): Promise<System> | System;
  /** Makes what answers requests to the service's name over the network; without it, connections are refused. */
  answer?(system: System, ports: Ports): FetchHandler;
  /** Closes the system before `stop` and `restart` end the process. */
  close?(system: System): Promise<void> | void;
  /**
   * What the code asks of Node itself (files, timers, the time, randomness, `fetch`) is answered by the simulated
   * machine: for code that does not know of ports. Without it that is an error of the run.
   */
  readonly standsInForNode?: boolean;
}

interface Running<System> {
  readonly process: SimProcess;
  readonly system: System;
}

/**
 * A program on a machine of its own that is started again after each crash; its users wait until it runs. Crashes,
 * pauses, clocks and failures of the disk are those of the scenario.
 */
export class Service<System> {
  readonly machine: Machine;
  readonly #context: ArenaContext;
  readonly #options: ServiceOptions<System>;
  #running: Running<System> | undefined;
  #users: Parked<void>[] = [];
  #stopped: Parked<void>[] = [];
  #supervisor: Parked<void> | undefined;
  #wish: 'restart' | 'stop' | undefined;

  constructor(context: ArenaContext, options: ServiceOptions<System>) {
    this.#context = context;
    this.#options = options;
    this.machine = context.machine(options.name);
    context.chaos.faultDisk(this.machine);
    context.chaos.faultClock(this.machine);
  }

  /** Starts it, and its crashes and pauses; does not wait. To be called again after `stop`. */
  start(): void {
    this.#wish = undefined;
    this.#context.chaos.crash(this.machine);
    this.#context.chaos.faultPace(this.machine);
    this.#context.spawn(this.#options.name, () => this.#supervise());
  }

  /**
   * Runs `body` inside the process, as soon as there is one. Rejects with what `body` rejects with, or with
   * `ProcessGoneError` when a crash came first: whether it took effect is unknown then.
   */
  async call<T>(name: string, body: (system: System) => Promise<T> | T): Promise<T> {
    for (;;) {
      const running = this.#running;
      if (running?.process.running === true) {
        return running.process.call(name, async () => body(running.system));
      }
      const parked = this.#context.scheduler.park(`${this.#options.name} to run`);
      this.#users.push(parked);
      await parked.promise;
    }
  }

  /** As `call`, again after each crash until there is an answer: for what may be done twice, such as reading. */
  async insist<T>(name: string, body: (system: System) => Promise<T> | T): Promise<T> {
    for (;;) {
      try {
        return await this.call(name, body);
      } catch (error) {
        if (!(error instanceof ProcessGoneError)) throw error;
      }
    }
  }

  /** Closes it and starts it again. Does not wait. */
  restart(): void {
    this.#wish ??= 'restart';
    this.#supervisor?.wake();
  }

  /** Closes it and leaves it closed; resolves then. */
  async stop(): Promise<void> {
    const parked = this.#context.scheduler.park(`${this.#options.name} to stop`);
    this.#stopped.push(parked);
    this.#wish = 'stop';
    this.#supervisor?.wake();
    await parked.promise;
  }

  async #supervise(): Promise<void> {
    for (let isOver = false; !isOver; this.#running = undefined) {
      const process = this.#boot();
      try {
        isOver = await this.#runOnce(process);
      } catch (error) {
        if (!(error instanceof ProcessGoneError)) throw error;
        this.#context.reached('arena.crashed-while-starting-or-closing');
      }
    }
    for (const parked of this.#stopped.splice(0)) parked.wake();
  }

  #boot(): SimProcess {
    const { name, standsInForNode } = this.#options;
    const process = this.machine.boot();
    process.onGone(() => this.#supervisor?.wake());
    if (standsInForNode === true) {
      const fetch: typeof globalThis.fetch = (input, init) => {
        const url = new URL(input instanceof Request ? input.url : input);
        return this.#context.link(name, url.hostname).fetch(input, init);
      };
      process.standInForNode(nodeStandIns(process.ports, fetch));
    }
    return process;
  }

  /** From start to crash or close; whether it is to stay closed. */
  async #runOnce(process: SimProcess): Promise<boolean> {
    const { name, answer, close } = this.#options;
    const { chaos } = this.#context;
    this.#context.record('invoke', name, 'starts');
    const system = await this.#startIn(process);
    if (system === undefined) return false;
    const listener = answer && this.#context.listen(name, process, answer(system.value, process.ports));
    chaos.setServing(this.machine, true);
    this.#running = { process, system: system.value };
    this.#context.record('ok', name, 'serves');
    for (const user of this.#users.splice(0)) user.wake();
    while (process.running && this.#wish === undefined) {
      this.#supervisor = this.#context.scheduler.park(`${name} to crash or be stopped`);
      await this.#supervisor.promise;
      this.#supervisor = undefined;
    }
    this.#running = undefined;
    listener?.close();
    if (!process.running) return false;
    await process.call('close', async () => close?.(system.value));
    const isOver = this.#wish === 'stop';
    this.#wish = undefined;
    this.#context.record('ok', name, 'closed');
    process.kill();
    return isOver;
  }

  /** `undefined` when a failure of the disk explains that it does not start: it must be tried again. */
  async #startIn(process: SimProcess): Promise<{ readonly value: System } | undefined> {
    const { name, start } = this.#options;
    const { chaos, clock } = this.#context;
    chaos.setServing(this.machine, false);
    const failures = chaos.diskFailures(this.machine);
    try {
      return { value: await process.call('start', async () => start(process.ports)) };
    } catch (error) {
      if (error instanceof ProcessGoneError || error instanceof Violation) throw error;
      if (chaos.diskFailures(this.machine) === failures) throw refusesToStart(name, error);
      this.#context.record('fail', name, `does not start: ${messageOf(error)}`);
      process.kill();
      await clock.sleep(retryMs);
      return undefined;
    }
  }
}

/** How long a supervisor waits before it starts again what could not start. */
const retryMs = 10;

function refusesToStart(name: string, error: unknown): Violation {
  return new Violation(
    {
      property: 'starts-after-a-crash',
      category: 'refused',
      code: errnoOf(error) ?? (error as { code?: string } | undefined)?.code,
      message: `${name} does not start on what is on its disk.`,
      expected: 'it starts',
      actual: messageOf(error),
    },
    { cause: error },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
