import {
  type Clock,
  noSites,
  type Parked,
  type Ports,
  type Scheduler,
  type Signatures,
  type Task,
  type Telemetry,
  type Timer,
} from '../../src/ports/index.ts';
import type { Disk } from '../../src/sim/index.ts';
import { type FileSystemCall, SimFileSystem } from '../../src/sim/disk/index.ts';
import type { Dice } from './dice.ts';

/** Something that no damaged file may bring about. */
export class ViolationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ViolationError';
  }
}

/** Calls of files, clock and scheduler that one opening may make; the most seen is under a tenth of it. */
const callsMax = 20_000;

/** What one read may ask for: the log reads in chunks of up to this size, and no file here is as large. */
const readBytesMax = 256 * 1024;

/**
 * A place to run a database in, where nothing is waited for: whatever it asks for happens in the next
 * microtask. So, when no microtask is left and it has not come to an end, it never will.
 */
export class Laboratory {
  readonly disk: Disk;
  /** The most calls that any process has made. */
  callsMost = 0;
  readonly #dice: Dice;
  readonly #signatures: Signatures;
  #calls = 0;
  #violation: ViolationError | undefined;

  constructor(disk: Disk, dice: Dice, signatures: Signatures) {
    this.disk = disk;
    this.#dice = dice;
    this.#signatures = signatures;
  }

  /**
   * Runs `body` in a process of its own, to the end of it and of all it has started. Throws
   * `ViolationError` when it never ends, makes too many calls, asks for more than there can be, leaves a
   * file open or a failed task behind.
   */
  async run<T>(body: (ports: Ports) => Promise<T>): Promise<T> {
    this.#calls = 0;
    const scheduler = new ImmediateScheduler(() => this.#call());
    const fs = new SimFileSystem(
      this.disk,
      { perform: (_operation, _resource, effect) => this.#call().then(effect) },
      (call, effect) => {
        this.#watch(call);
        return effect();
      },
    );
    let outcome: Settled<T> | undefined;
    body(this.#ports(fs, scheduler)).then(
      (value) => {
        outcome = { ok: true, value };
      },
      (error: unknown) => {
        outcome = { ok: false, error };
      },
    );
    await nextMacrotask();
    const [leaked] = fs.openHandles();
    fs.abandon();
    this.callsMost = Math.max(this.callsMost, this.#calls);
    if (this.#violation !== undefined) throw this.#violation;
    if (outcome === undefined) throw new ViolationError(`it waits for ever, after ${this.#calls} calls`);
    for (const error of scheduler.unseenFailures()) {
      throw new ViolationError(`a task has failed and nobody noticed: ${String(error)}`, { cause: error });
    }
    if (leaked !== undefined) throw new ViolationError(`${leaked} was left open`);
    if (outcome.ok) return outcome.value;
    throw outcome.error;
  }

  /** A process that asks too often gets no more answers. */
  async #call(): Promise<void> {
    this.#calls += 1;
    if (this.#calls <= callsMax) return;
    this.#violation ??= new ViolationError(`it makes more than ${callsMax} calls`);
    await never;
  }

  #watch({ operation, path, length }: FileSystemCall): void {
    if (operation !== 'read' || length <= readBytesMax) return;
    this.#violation ??= new ViolationError(`it asks for ${length} bytes of ${path}`);
  }

  #ports(fs: SimFileSystem, scheduler: Scheduler): Ports {
    return {
      clock: new LeapingClock(() => this.#call()),
      fs,
      scheduler,
      entropy: { bytes: (length) => this.#dice.bytes(length) },
      telemetry: silence,
      signatures: this.#signatures,
      sites: noSites,
    };
  }
}

type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

const never = new Promise<never>(() => undefined);

/** Resolves when no microtask is left. */
function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Tasks as plain promises. */
class ImmediateScheduler implements Scheduler {
  readonly #call: () => Promise<void>;
  readonly #failures = new Map<object, unknown>();

  constructor(call: () => Promise<void>) {
    this.#call = call;
  }

  spawn<T>(name: string, body: () => Promise<T>): Task<T> {
    const outcome = Promise.resolve().then(body);
    let isJoined = false;
    outcome.catch((error: unknown) => {
      if (!isJoined) this.#failures.set(outcome, error);
    });
    const join = (): Promise<T> => {
      isJoined = true;
      this.#failures.delete(outcome);
      return outcome;
    };
    return { name, join };
  }

  yield(): Promise<void> {
    return this.#call();
  }

  park<T = void>(): Parked<T> {
    let wake!: (value: T) => void;
    let fail!: (error: unknown) => void;
    const promise = new Promise<T>((resolve, reject) => {
      wake = resolve;
      fail = reject;
    });
    return { promise, wake, fail };
  }

  unseenFailures(): Iterable<unknown> {
    return this.#failures.values();
  }
}

/** Time that passes only when somebody waits for it, and then at once. */
class LeapingClock implements Clock {
  readonly #call: () => Promise<void>;
  #elapsedMs = 0;

  constructor(call: () => Promise<void>) {
    this.#call = call;
  }

  wallMs(): number {
    return 1_767_225_600_000 + Math.floor(this.#elapsedMs);
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  async sleep(durationMs: number): Promise<void> {
    await this.timer(durationMs).fired;
  }

  timer(durationMs: number): Timer {
    let isCancelled = false;
    const fired = this.#call().then(() => {
      if (!isCancelled) this.#elapsedMs += durationMs;
      return !isCancelled;
    });
    return {
      fired,
      cancel: () => {
        isCancelled = true;
      },
    };
  }
}

const silence: Telemetry = {
  reached: () => undefined,
  measure: () => undefined,
  log: () => undefined,
};
