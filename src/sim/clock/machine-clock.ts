import type { Clock, Timer } from '../../ports/index.ts';
import type { Kernel } from '../schedule/index.ts';
import { type ClockState, wallMsAt } from '../trace/index.ts';

/** Midnight UTC of 2026-01-01, when every simulated wall clock starts. */
const epochMs = 1_767_225_600_000;

/** The clocks of one machine. The wall clock can be set; monotonic time is the world's own. */
export class MachineClock implements Clock {
  readonly #kernel: Kernel;
  #anchorWallMs = epochMs;
  #anchorMicros = 0;
  #driftPpm = 0;
  #isFrozen = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  wallMs(): number {
    return wallMsAt(this.state(), this.#kernel.nowMicros);
  }

  state(): ClockState {
    return {
      anchorWallMs: this.#anchorWallMs,
      anchorMicros: this.#anchorMicros,
      driftPpm: this.#driftPpm,
      isFrozen: this.#isFrozen,
    };
  }

  monotonicMs(): number {
    return this.#kernel.nowMicros / 1000;
  }

  async sleep(durationMs: number): Promise<void> {
    await this.timer(durationMs).fired;
  }

  timer(durationMs: number): Timer {
    return this.#kernel.timer(Math.max(0, Math.ceil(durationMs * 1000)));
  }

  /** Moves the wall clock by `deltaMs`, forward or back. */
  step(deltaMs: number): void {
    this.#anchorWallMs = this.wallMs() + deltaMs;
    this.#anchorMicros = this.#kernel.nowMicros;
  }

  /** From now on the wall clock gains `ppm` microseconds in a second, or loses them when negative. */
  drift(ppm: number): void {
    this.step(0);
    this.#driftPpm = ppm;
  }

  /** The wall clock stands still until `thaw`, and goes on from there: what it missed it has lost. */
  freeze(): void {
    this.step(0);
    this.#isFrozen = true;
  }

  thaw(): void {
    this.step(0);
    this.#isFrozen = false;
  }
}
