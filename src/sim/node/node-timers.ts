import type { Clock, Scheduler } from '../../ports/index.ts';

type Callback = (...args: unknown[]) => void;

/** What `setTimeout` and `setInterval` return here. */
export class NodeTimer {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #ring: () => void;
  readonly #repeats: boolean;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, delayMs: unknown, repeats: boolean, ring: () => void) {
    this.#clock = clock;
    // As Node has it: what is no sensible number is one millisecond.
    this.#delayMs =
      typeof delayMs === 'number' && delayMs >= 1 && delayMs < 2 ** 31 ? Math.trunc(delayMs) : 1;
    this.#repeats = repeats;
    this.#ring = ring;
    this.#begin();
  }

  close(): this {
    this.#cancel?.();
    this.#cancel = undefined;
    return this;
  }

  refresh(): this {
    this.close();
    this.#begin();
    return this;
  }

  /** A simulated process is not kept alive by its timers: this and the next change nothing. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  #begin(): void {
    const timer = this.#clock.timer(this.#delayMs);
    const cancel = (): void => timer.cancel();
    this.#cancel = cancel;
    void timer.fired.then((fired) => {
      if (!fired || this.#cancel !== cancel) return;
      this.#cancel = undefined;
      if (this.#repeats) this.#begin();
      this.#ring();
    });
  }
}

/** Stand-ins for timers, by the names that the guard knows them by. */
export function nodeTimers(
  clock: Clock,
  scheduler: Scheduler,
): Readonly<Record<string, (...args: never[]) => unknown>> {
  const timer =
    (repeats: boolean) =>
    (callback: Callback, delayMs?: number, ...args: unknown[]): NodeTimer =>
      new NodeTimer(clock, delayMs, repeats, () => callback(...args));
  const setImmediate = (callback: Callback, ...args: unknown[]): NodeImmediate =>
    new NodeImmediate(scheduler, () => callback(...args));
  const clear = (handle: unknown): void => {
    if (handle instanceof NodeTimer || handle instanceof NodeImmediate) handle.close();
  };
  return {
    setTimeout: timer(false),
    setInterval: timer(true),
    setImmediate,
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
    'timers/promises.setTimeout': async (delayMs?: number, value?: unknown): Promise<unknown> => {
      await clock.sleep(delayMs ?? 1);
      return value;
    },
    'timers/promises.setImmediate': async (value?: unknown): Promise<unknown> => {
      await scheduler.yield();
      return value;
    },
  };
}

class NodeImmediate {
  #isClosed = false;

  constructor(scheduler: Scheduler, ring: () => void) {
    void scheduler.yield().then(() => {
      if (!this.#isClosed) ring();
    });
  }

  close(): void {
    this.#isClosed = true;
  }
}
