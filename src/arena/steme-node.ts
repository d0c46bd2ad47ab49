import { Violation } from '../check/index.ts';
import { DatabaseClosedError, layoutOf, type StemeConfig, StemeDB } from '../engine/index.ts';
import type { Parked, Ports } from '../ports/index.ts';
import {
  type FetchHandler,
  type Listener,
  type Machine,
  ProcessGoneError,
  type SimProcess,
} from '../sim/index.ts';
import { ailmentOf, UnavailableError } from './ailment.ts';
import type { ArenaContext } from './context.ts';
import type { ServerWatch } from './server-watch.ts';

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
  /** Called inside each process before the database is opened. */
  beforeOpen?(process: SimProcess): Promise<void>;
  /** Called after each proper close. */
  closed?(db: StemeDB): void;
}

/** What a supervisor wakes up for. */
type SupervisorEvent = 'crashed' | 'ailing' | 'restart' | 'stop';

interface Serving {
  readonly process: SimProcess;
  readonly db: StemeDB;
  /** Calls of the file system that had failed when the process began: what came later, it may suffer from. */
  readonly diskFailuresBefore: number;
  /** Rotten bits that had been put back when the process began. */
  readonly healedBefore: number;
  isAiling: boolean;
}

/**
 * A database that is served: it comes back after every crash, and its users wait until it does. Where disks
 * fail, it is watched by a supervisor that opens it again once it says that it takes no more writes.
 */
export class StemeNode {
  readonly machine: Machine;
  readonly #context: ArenaContext;
  readonly #options: StemeNodeOptions;
  #serving: Serving | undefined;
  /** Calls of the file system that had failed when the last process began. */
  #diskFailuresBefore = 0;
  /** Syncs of the log of claims that had failed when the last database opened. */
  #failedSyncsBefore = 0;
  #users: Parked<void>[] = [];
  #supervisor: Parked<SupervisorEvent> | undefined;
  #stopped: Parked<void>[] = [];
  #wish: 'restart' | 'stop' | undefined;

  constructor(context: ArenaContext, options: StemeNodeOptions) {
    this.#context = context;
    this.#options = options;
    this.machine = context.machine(options.name);
    context.chaos.faultDisk(this.machine);
    context.chaos.armSites(this.machine);
  }

  /** Starts it, and its crashes and pauses. */
  start(): void {
    this.#context.chaos.crash(this.machine);
    this.#context.chaos.faultPace(this.machine);
    this.#context.spawn(this.#options.name, () => this.#supervise());
  }

  /**
   * Runs `body` inside the process, waiting until there is one that serves. Rejects with
   * `ProcessGoneError` when a crash came before the answer, with `UnavailableError` when the disk failed.
   */
  async call<T>(name: string, body: (db: StemeDB) => Promise<T>): Promise<T> {
    for (;;) {
      const serving = this.#serving;
      if (serving?.process.running === true) {
        return this.#excusing(serving, name, () => serving.process.call(name, () => body(serving.db)));
      }
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
        if (!isUnanswered(error)) throw error;
        // A disk that fails needs time more than attempts.
        if (error instanceof UnavailableError) await this.#context.clock.sleep(restartMs);
      }
    }
  }

  /**
   * Whether what has rotten on the machine explains that a user far away is told of damage; whoever is told of it
   * tells the supervisor.
   */
  isDamaged(): boolean {
    const rot = this.#context.chaos.rotOf(this.machine);
    const serving = this.#serving;
    // An answer may have been long on its way: from a process that is gone by now.
    if (rot?.hasStruckSince(serving?.healedBefore ?? 0) !== true) return false;
    if (serving !== undefined) this.#ail(serving);
    return true;
  }

  /** Watches, for a user far away, what may explain that there is no answer. */
  watch(): ServerWatch {
    const serving = this.#serving;
    const failuresBefore = this.#diskFailuresBefore;
    return {
      hasBeenAway: () => serving === undefined || this.#serving !== serving || !serving.process.running,
      hasDiskFailed: () => this.#context.chaos.diskFailures(this.machine) > failuresBefore,
    };
  }

  #ail(serving: Serving): void {
    if (serving.isAiling) return;
    serving.isAiling = true;
    this.#context.reached('arena.gave-up-for-its-disk');
    if (serving === this.#serving) this.#wake('ailing');
  }

  /** Whether a sync of the log of claims has failed since the last one opened: it must promise nothing more. */
  get mayPromiseNothing(): boolean {
    return this.#context.chaos.failedSyncs(logFolder) > this.#failedSyncsBefore;
  }

  /**
   * Does `work`, and makes an `UnavailableError` of what a failure of the disk explains: a call that could not
   * be done needs one during the call, a database that has given up one since it began.
   */
  async #excusing<T>(serving: Serving, name: string, work: () => Promise<T>): Promise<T> {
    const { chaos } = this.#context;
    const failures = chaos.diskFailures(this.machine);
    try {
      return await work();
    } catch (error) {
      chaos.tellOperator(this.machine, error);
      if (error instanceof DatabaseClosedError && serving === this.#serving)
        throw closedByNobody(name, error);
      const isRotten = chaos.rotOf(this.machine)?.explains(error, serving.healedBefore) === true;
      const ailment = isRotten ? 'lasting' : ailmentOf(error);
      const since = ailment === 'lasting' ? serving.diskFailuresBefore : failures;
      const isExplained = isRotten || chaos.diskFailures(this.machine) > since;
      if (ailment === undefined || !isExplained) throw error;
      if (isRotten) this.#context.reached('arena.rot-was-noticed');
      if (ailment === 'lasting') this.#ail(serving);
      throw new UnavailableError(name, error as Error);
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
        if (!(error instanceof ProcessGoneError || error instanceof UnavailableError)) throw error;
        if (error instanceof ProcessGoneError)
          this.#context.reached('arena.crashed-while-starting-or-closing');
        else this.#context.record('fail', this.#options.name, 'cannot start or close for its disk');
        process.kill();
        this.#context.chaos.heal(this.machine);
      }
      this.#serving = undefined;
    }
    this.#serving = undefined;
    for (const parked of this.#stopped.splice(0)) parked.wake();
  }

  /** From start to the crash or the wish that ends it. */
  async #serveOnce(process: SimProcess): Promise<'again' | 'stop'> {
    const { examine, name } = this.#options;
    const diskFailuresBefore = this.#context.chaos.diskFailures(this.machine);
    this.#diskFailuresBefore = diskFailuresBefore;
    const healedBefore = this.#context.chaos.rotOf(this.machine)?.healed ?? 0;
    this.#context.record('invoke', name, 'starts');
    const db = await this.#open(process);
    if (db === undefined) {
      await this.#context.clock.sleep(restartMs);
      return 'again';
    }
    this.#context.chaos.setServing(this.machine, true);
    this.#failedSyncsBefore = this.#context.chaos.failedSyncs(logFolder);
    const serving: Serving = { process, db, diskFailuresBefore, healedBefore, isAiling: false };
    const next = await this.#excusing(serving, 'examine', () => process.call('examine', () => examine(db)));
    if (next !== 'serve') {
      if (next === 'kill') this.#context.chaos.kill(this.machine);
      else this.#context.chaos.powerLoss(this.machine);
      return 'again';
    }
    const listener = await this.#listen(process, db);
    this.#serving = serving;
    this.#context.record('ok', name, 'serves');
    for (const user of this.#users.splice(0)) user.wake();

    const event = await this.#nextEvent(serving);
    if (event === 'ailing') await this.#endure(serving);
    this.#serving = undefined;
    listener?.close();
    if (event === 'crashed' || !process.running) return 'again';
    try {
      await this.#excusing(serving, 'close', () => process.call('close', () => db.close()));
    } finally {
      if (process.running) this.#requireNothingLeaked(process);
    }
    if (event === 'ailing') {
      // Closed, as far as it could be: what was acknowledged must be there, but nothing proves the end of the log.
      this.#context.reached('arena.closed-in-spite-of-its-disk');
      return 'again';
    }
    this.#options.closed?.(db);
    const wish = this.#wish;
    this.#wish = undefined;
    this.#context.record('ok', name, 'closed');
    return wish === 'stop' ? 'stop' : 'again';
  }

  /** What ends serving; a crash, if it has come already. */
  async #nextEvent({ process, isAiling }: Serving): Promise<SupervisorEvent> {
    if (!process.running) return 'crashed';
    if (isAiling) return 'ailing';
    if (this.#wish !== undefined) return this.#wish;
    this.#supervisor = this.#context.scheduler.park(`${this.#options.name} to crash or be stopped`);
    try {
      return await this.#supervisor.promise;
    } finally {
      this.#supervisor = undefined;
    }
  }

  /**
   * What a supervisor does with a database that takes no more writes: lets it answer questions for a while, or
   * kills it, or closes it at once.
   */
  async #endure({ process }: Serving): Promise<void> {
    const { chaos, clock } = this.#context;
    this.#context.record('info', this.#options.name, 'takes no more writes for its disk');
    const draws = this.#context.faults(`${this.#options.name}:ailing`);
    const how = chaos.isStopped ? 0 : draws.choose(4);
    if (how === 2 || how === 3) {
      this.#context.reached('arena.read-from-what-takes-no-writes');
      await clock.sleep(1 + draws.choose(readOnlyMsMax));
    }
    if ((how === 1 || how === 3) && process.running) chaos.kill(this.machine);
    chaos.heal(this.machine);
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
      await this.#options.beforeOpen?.(process);
      return await process.call('open', () => StemeDB.open(process.ports, this.#options.config));
    } catch (error) {
      chaos.tellOperator(this.machine, error);
      if (chaos.rotOf(this.machine)?.explains(error) === true) {
        this.#context.reached('arena.rot-kept-it-from-opening');
        this.#context.record('fail', this.#options.name, `refuses to open: ${(error as Error).message}`);
        chaos.heal(this.machine);
        return undefined;
      }
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

  #wake(event: SupervisorEvent): void {
    this.#supervisor?.wake(event);
  }
}

/** Part of the path of whatever lies in a log of claims. */
const logFolder = `${layoutOf('').log}/`;

/** How long a supervisor waits before it starts again what could not open. */
const restartMs = 10;

/** How long a database may go on without taking writes before it is opened again. */
const readOnlyMsMax = 100;

/** `#serving` is forgotten before a database is closed. */
function closedByNobody(call: string, cause: Error): Violation {
  return new Violation(
    {
      property: 'valid-is-taken',
      category: 'refused',
      code: 'STEME_CLOSED',
      message: `The database says to "${call}" that it is closed, and nobody has closed it.`,
      expected: 'an answer',
      actual: cause.message,
    },
    { cause },
  );
}

/** Whether there was no answer, so that nobody knows whether the call took effect. */
export function isUnanswered(error: unknown): boolean {
  return (
    error instanceof ProcessGoneError ||
    error instanceof DatabaseClosedError ||
    error instanceof UnavailableError
  );
}

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
