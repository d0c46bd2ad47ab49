import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from '../ports/index.ts';

const timerMsMax = 2 ** 31 - 1;

/** The clocks of this machine. */
export class HostClock implements Clock {
  wallMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  async sleep(durationMs: number): Promise<void> {
    await this.timer(durationMs).fired;
  }

  /** A pending timer keeps the process alive; durations above 2^31-1 ms are served in pieces. */
  timer(durationMs: number): Timer {
    const dueMs = performance.now() + durationMs;
    let settle: (fired: boolean) => void;
    let handle: NodeJS.Timeout;
    const fired = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    // Node rounds down to whole milliseconds and may fire early: ask again for what is left.
    const arm = (): void => {
      const leftMs = dueMs - performance.now();
      if (leftMs <= 0) settle(true);
      else handle = setTimeout(arm, Math.min(Math.ceil(leftMs), timerMsMax));
    };
    handle = setTimeout(arm, Math.min(Math.max(0, durationMs), timerMsMax));
    return {
      fired,
      cancel: () => {
        clearTimeout(handle);
        settle(false);
      },
    };
  }
}
