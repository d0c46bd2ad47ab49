import type { Parked, Ports, Task, Timer } from '../../ports/index.ts';

/**
 * Calls `onIdle` once when nothing has touched it for a while after it was touched. Touching costs a look
 * at the clock; the one timer that it keeps is set again, when it fires, for what is left by then.
 */
export class IdleTimer {
  readonly #ports: Pick<Ports, 'clock' | 'scheduler'>;
  readonly #idleMs: number;
  readonly #onIdle: () => void;
  readonly #task: Task<void> | undefined;
  #touchedMs = 0;
  #armed = false;
  #stopped = false;
  #timer: Timer | undefined;
  #dormant: Parked<void> | undefined;

  /** 0 ms: never. */
  constructor(ports: Pick<Ports, 'clock' | 'scheduler'>, idleMs: number, onIdle: () => void) {
    this.#ports = ports;
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
    if (idleMs > 0) this.#task = ports.scheduler.spawn('wal idle timer', () => this.#run());
  }

  touch(): void {
    if (this.#task === undefined) return;
    this.#touchedMs = this.#ports.clock.monotonicMs();
    if (this.#armed) return;
    this.#armed = true;
    this.#wake();
  }

  /** Calls it off for good; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#wake();
    await this.#task?.join();
  }

  #wake(): void {
    this.#dormant?.wake();
    this.#dormant = undefined;
  }

  async #run(): Promise<void> {
    const { clock, scheduler } = this.#ports;
    while (!this.#stopped) {
      if (!this.#armed) {
        this.#dormant = scheduler.park('the wal to be used');
        await this.#dormant.promise;
        continue;
      }
      const leftMs = this.#touchedMs + this.#idleMs - clock.monotonicMs();
      if (leftMs <= 0) {
        this.#armed = false;
        this.#onIdle();
      } else {
        this.#timer = clock.timer(leftMs);
        await this.#timer.fired;
        this.#timer = undefined;
      }
    }
  }
}
