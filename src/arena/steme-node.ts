import { Violation } from '../check/index.ts';
import { DatabaseClosedError, type StemeConfig, StemeDB } from '../engine/index.ts';
import type { Parked, Ports } from '../ports/index.ts';
import {
  type FetchHandler,
  type Listener,
  type Machine,
  ProcessGoneError,
  type SimProcess,
} from '../sim/index.ts';
import type { ArenaContext } from './context.ts';

export interface StemeNodeOptions {
  readonly name: string;
  readonly config: StemeConfig;
  /**
   * Called inside the process after each start, before anybody else may use it. Says what to do next:
   * `serve`, or crash at once and start again, to see whether the same state comes back.
   */
  examine(db: StemeDB): Promise<'serve' | 'kill' | 'power-loss'>;
  /**
   * Makes, inside the process and after each `examine`, what answers requests to the node's name over the
   * network. While the node does not serve, connections are refused.
   */
  api?(db: StemeDB, ports: Ports): FetchHandler | Promise<FetchHandler>;
  /** Called after each proper close. */
  closed?(db: StemeDB): void;
}

/** A database that is served: it comes back after every crash, and its users wait until it does. */
export class StemeNode {
  readonly machine: Machine;
  readonly #context: ArenaContext;
  readonly #options: StemeNodeOptions;
  #serving: { readonly process: SimProcess; readonly db: StemeDB } | undefined;
  #users: Parked<void>[] = [];
  #supervisor: Parked<'crashed' | 'restart' | 'stop'> | undefined;
  #stopped: Parked<void>[] = [];
  #wish: 'restart' | 'stop' | undefined;

  constructor(context: ArenaContext, options: StemeNodeOptions) {
    this.#context = context;
    this.#options = options;
    this.machine = context.machine(options.name);
    context.chaos.faultDisk(this.machine);
  }

  /** Starts it, and its crashes and pauses. */
  start(): void {
    this.#context.chaos.crash(this.machine);
    this.#context.chaos.faultPace(this.machine);
    this.#context.spawn(this.#options.name, () => this.#supervise());
  }

  /**
   * Runs `body` inside the process, waiting until there is one that serves. Rejects with
   * `ProcessGoneError` when a crash came before the answer.
   */
  async call<T>(name: string, body: (db: StemeDB) => Promise<T>): Promise<T> {
    for (;;) {
      const serving = this.#serving;
      if (serving?.process.running === true) return serving.process.call(name, () => body(serving.db));
      const parked = this.#context.scheduler.park(`${this.#options.name} to serve`);
      this.#users.push(parked);
      await parked.promise;
    }
  }

  /** As `call`, again and again until there is an answer: for what may be done twice, as submitting may. */
  async insist<T>(name: string, body: (db: StemeDB) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.call(name, body);
      } catch (error) {
        if (!(error instanceof ProcessGoneError || error instanceof DatabaseClosedError)) throw error;
      }
    }
  }

  /** Closes it properly and starts it again, once it serves. Does not wait. */
  restart(): void {
    this.#wish ??= 'restart';
    this.#wake('restart');
  }

  /** Closes it properly and leaves it closed; resolves then. */
  async stop(): Promise<void> {
    const parked = this.#context.scheduler.park(`${this.#options.name} to stop`);
    this.#stopped.push(parked);
    this.#wish = 'stop';
    this.#wake('stop');
    await parked.promise;
  }

  async #supervise(): Promise<void> {
    for (;;) {
      const process = this.machine.boot();
      process.onGone(() => this.#wake('crashed'));
      try {
        if ((await this.#serveOnce(process)) === 'stop') break;
      } catch (error) {
        if (!(error instanceof ProcessGoneError)) throw error;
        this.#context.reached('arena.crashed-while-starting-or-closing');
      }
      this.#serving = undefined;
    }
    this.#serving = undefined;
    for (const parked of this.#stopped.splice(0)) parked.wake();
  }

  /** From start to the crash or the wish that ends it. */
  async #serveOnce(process: SimProcess): Promise<'again' | 'stop'> {
    const { examine, name } = this.#options;
    this.#context.record('invoke', name, 'starts');
    const db = await this.#open(process);
    if (db === undefined) {
      await this.#context.clock.sleep(restartMs);
      return 'again';
    }
    this.#context.chaos.setServing(this.machine, true);
    const next = await process.call('examine', () => examine(db));
    if (next !== 'serve') {
      if (next === 'kill') this.#context.chaos.kill(this.machine);
      else this.#context.chaos.powerLoss(this.machine);
      return 'again';
    }
    const listener = await this.#listen(process, db);
    this.#serving = { process, db };
    this.#context.record('ok', name, 'serves');
    for (const user of this.#users.splice(0)) user.wake();

    let event: 'crashed' | 'restart' | 'stop' | undefined = this.#wish;
    if (process.running && event === undefined) {
      this.#supervisor = this.#context.scheduler.park(`${name} to crash or be stopped`);
      event = await this.#supervisor.promise;
      this.#supervisor = undefined;
    }
    this.#serving = undefined;
    listener?.close();
    if (event === 'crashed' || !process.running) return 'again';
    await process.call('close', () => db.close());
    this.#options.closed?.(db);
    this.#requireNothingLeaked(process);
    const wish = this.#wish;
    this.#wish = undefined;
    this.#context.record('ok', name, 'closed');
    return wish === 'stop' ? 'stop' : 'again';
  }

  /**
   * The database; `undefined` when a call of the file system failed meanwhile, by a fault, and that is what it
   * says. It must be tried again then: nothing is known of what is on the disk.
   */
  async #open(process: SimProcess): Promise<StemeDB | undefined> {
    const { chaos } = this.#context;
    chaos.setServing(this.machine, false);
    const failures = chaos.diskFailures(this.machine);
    try {
      return await process.call('open', () => StemeDB.open(process.ports, this.#options.config));
    } catch (error) {
      const hasCause = chaos.diskFailures(this.machine) > failures && isSystemError(error);
      if (!hasCause) return refusal(error);
      this.#context.reached('arena.kept-from-opening');
      this.#context.record('fail', this.#options.name, `cannot open: ${error.message}`);
      return undefined;
    }
  }

  async #listen(process: SimProcess, db: StemeDB): Promise<Listener | undefined> {
    const { api, name } = this.#options;
    if (api === undefined) return undefined;
    const handler = await process.call('api', async () => api(db, process.ports));
    return this.#context.listen(name, process, handler);
  }

  #requireNothingLeaked(process: SimProcess): void {
    const handles = process.openHandles;
    this.#context.require(handles.length === 0, () => ({
      property: 'nothing-leaks',
      category: 'leaked',
      message: 'A database that was closed left files open.',
      expected: 'no open handle',
      actual: handles.join(', '),
    }));
  }

  #wake(event: 'crashed' | 'restart' | 'stop'): void {
    this.#supervisor?.wake(event);
  }
}

/** How long a supervisor waits before it starts again what could not open. */
const restartMs = 10;

/** Whether the error, or what caused it, is one of the file system; some of these have no name in Node. */
function isSystemError(error: unknown): error is Error {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (typeof (cause as { errno?: unknown }).errno === 'number') return true;
  }
  return false;
}

/**
 * For what `StemeDB.open` rejects with after a crash: no crash may leave a state that does not open, for
 * nothing was damaged that had been synced. Always throws.
 */
export function refusal(error: unknown): never {
  if (error instanceof ProcessGoneError) throw error;
  const { code } = (error ?? {}) as { code?: string };
  throw new Violation(
    {
      property: 'crash-state-opens',
      category: 'refused',
      code,
      message: 'The database refuses to open what a legal crash has left.',
      expected: 'an open database',
      actual: error instanceof Error ? error.message : String(error),
    },
    { cause: error },
  );
}
