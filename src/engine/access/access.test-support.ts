import type { Clock, Entropy, Parked, Scheduler, Task, Timer } from '../../ports/index.ts';
import type { KeyValueStore } from '../kv/index.ts';
import { toHex } from '../../crypto/index.ts';

/** Time that passes when the test says so. Both clocks move together, unless the wall clock is set. */
export class ManualClock implements Clock {
  #wallMs = 1_800_000_000_000;
  #monotonicMs = 5000;
  readonly #timers = new Set<{ readonly dueMs: number; readonly settle: (fired: boolean) => void }>();

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  async sleep(durationMs: number): Promise<void> {
    await this.timer(durationMs).fired;
  }

  timer(durationMs: number): Timer {
    let settle!: (fired: boolean) => void;
    const fired = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const timer = { dueMs: this.#monotonicMs + durationMs, settle };
    this.#timers.add(timer);
    return {
      fired,
      cancel: () => {
        this.#timers.delete(timer);
        settle(false);
      },
    };
  }

  /** How long the next timer has to run, or `undefined` when none does. */
  get nextTimerMs(): number | undefined {
    const dueMs = Math.min(...[...this.#timers].map((timer) => timer.dueMs));
    return dueMs === Infinity ? undefined : dueMs - this.#monotonicMs;
  }

  advance(durationMs: number): void {
    this.#monotonicMs += durationMs;
    this.#wallMs += Math.floor(durationMs);
    for (const timer of this.#timers) {
      if (timer.dueMs > this.#monotonicMs) continue;
      this.#timers.delete(timer);
      timer.settle(true);
    }
  }

  /** Moves the wall clock alone. */
  stepWall(deltaMs: number): void {
    this.#wallMs += deltaMs;
  }
}

/** Tasks as promises, in the order that microtasks have. */
export class MicrotaskScheduler implements Scheduler {
  spawn<T>(name: string, body: () => Promise<T>): Task<T> {
    const outcome = Promise.resolve().then(body);
    return { name, join: () => outcome };
  }

  async yield(): Promise<void> {
    await Promise.resolve();
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
}

/** Bytes that never come twice. */
export class CountingEntropy implements Entropy {
  #calls = 0;

  bytes(length: number): Uint8Array<ArrayBuffer> {
    this.#calls += 1;
    const bytes = new Uint8Array(length).fill(0xa5);
    new DataView(bytes.buffer).setUint16(0, this.#calls);
    return bytes;
  }
}

export const silentTelemetry = { reached: () => {}, measure: () => {}, log: () => {} };

/** Every entry of a store, in hex. */
export async function dump(store: KeyValueStore): Promise<string[]> {
  const entries: string[] = [];
  for await (const { key, value } of store.scan()) entries.push(`${toHex(key)}=${toHex(value)}`);
  return entries;
}
