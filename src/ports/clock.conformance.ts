import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import type { Scheduler } from './scheduler.ts';

/** A clock to be held against the contract of the port. */
export interface ClockUnderTest {
  readonly name: string;
  /** A fresh one, and the tasks that run beside whoever waits for it. */
  create(): { readonly clock: Clock; readonly scheduler: Scheduler };
  /** Where the body of a claim has to run, if not right in the test: in a task of a simulation. */
  run?(body: () => Promise<void>): Promise<void>;
}

/** Runs every claim against one implementation. None says how late a timer may be: any time is fine. */
export function describeClockConformance({ name, create, run = (body) => body() }: ClockUnderTest): void {
  describe(`Clock conformance: ${name}`, () => {
    it.each(Object.entries(clockClaims))('%s', async (_, check) => {
      expect.hasAssertions();
      await run(() => {
        const { clock, scheduler } = create();
        return check(clock, scheduler);
      });
    });
  });
}

type Claim = (clock: Clock, scheduler: Scheduler) => Promise<void>;

/** Longer than any test may take: a wait for this is called off, or the test fails by its time limit. */
const foreverMs = 1e9;

const clockClaims: Readonly<Record<string, Claim>> = {
  'the wall clock tells whole milliseconds of this century': async (clock) => {
    const now = clock.wallMs();
    expect(Number.isSafeInteger(now)).toBe(true);
    expect(now).toBeGreaterThan(946_684_800_000);
    expect(now).toBeLessThan(4_102_444_800_000);
  },

  'monotonic time never goes back': async (clock) => {
    let before = clock.monotonicMs();
    for (let turn = 0; turn < 50; turn++) {
      if (turn % 10 === 0) await clock.sleep(0.1);
      const now = clock.monotonicMs();
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  },

  'a sleep never ends early, not by a fraction of a millisecond': async (clock) => {
    for (const durationMs of [0, 0.01, 0.4, 1, 1.001, 1.999, 2.5, 5]) {
      const begunMs = clock.monotonicMs();
      await clock.sleep(durationMs);
      expect(clock.monotonicMs() - begunMs).toBeGreaterThanOrEqual(durationMs);
    }
  },

  'a timer never fires early, however many there are': async (clock) => {
    const begunMs = clock.monotonicMs();
    const durationsMs = Array.from({ length: 100 }, (_, index) => (index * 7) % 5);
    await Promise.all(
      durationsMs.map(async (durationMs) => {
        expect(await clock.timer(durationMs).fired).toBe(true);
        expect(clock.monotonicMs() - begunMs).toBeGreaterThanOrEqual(durationMs);
      }),
    );
  },

  'sleeping for no time gives others a turn': async (clock, scheduler) => {
    const turns: string[] = [];
    const other = scheduler.spawn('other', async () => {
      turns.push('other');
    });
    for (let tries = 0; turns.length === 0 && tries < 1000; tries++) await clock.sleep(0);
    expect(turns).toEqual(['other']);
    await other.join();
  },

  'a timer that is called off says so, at once and to everybody': async (clock) => {
    const timer = clock.timer(foreverMs);
    const waits = [timer.fired, timer.fired];
    timer.cancel();
    timer.cancel();
    expect(await Promise.all(waits)).toEqual([false, false]);
    expect(await timer.fired).toBe(false);
  },

  'a timer may be called off by another task': async (clock, scheduler) => {
    const timer = clock.timer(foreverMs);
    const other = scheduler.spawn('other', async () => timer.cancel());
    expect(await timer.fired).toBe(false);
    await other.join();
  },

  'calling off a timer that has fired changes nothing': async (clock) => {
    const timer = clock.timer(1);
    expect(await timer.fired).toBe(true);
    timer.cancel();
    expect(await timer.fired).toBe(true);
  },

  'calling off one timer leaves the others alone': async (clock) => {
    const [first, second] = [clock.timer(1), clock.timer(1)];
    first.cancel();
    expect([await first.fired, await second.fired]).toEqual([false, true]);
  },

  'a timer of more than 2^31 milliseconds does not fire at once': async (clock) => {
    const far = clock.timer(2 ** 31 + 5);
    let outcome: boolean | undefined;
    const watch = far.fired.then((fired) => {
      outcome = fired;
      return fired;
    });
    await clock.sleep(2);
    expect(outcome).toBeUndefined();
    far.cancel();
    expect(await watch).toBe(false);
  },
};
