import { describe, expect, it } from 'vitest';
import type { Scheduler } from './scheduler.ts';

/** A scheduler to be held against the contract of the port. */
export interface SchedulerUnderTest {
  readonly name: string;
  /** A fresh one. */
  create(): Scheduler;
  /** Where the body of a claim has to run, if not right in the test: in a task of a simulation. */
  run?(body: () => Promise<void>): Promise<void>;
}

/** Runs every claim against one implementation. None rests on an order that the port does not promise. */
export function describeSchedulerConformance({
  name,
  create,
  run = (body) => body(),
}: SchedulerUnderTest): void {
  describe(`Scheduler conformance: ${name}`, () => {
    it.each(Object.entries(schedulerClaims))('%s', async (_, check) => {
      expect.hasAssertions();
      await run(() => check(create()));
    });
  });
}

type Claim = (scheduler: Scheduler) => Promise<void>;

const schedulerClaims: Readonly<Record<string, Claim>> = {
  'spawn returns before the body has run': async (scheduler) => {
    let hasRun = false;
    const task = scheduler.spawn('task', async () => {
      hasRun = true;
    });
    expect(hasRun).toBe(false);
    await task.join();
    expect(hasRun).toBe(true);
  },

  'a task bears the name that it was given': async (scheduler) => {
    const task = scheduler.spawn('compaction', async () => {});
    expect(task.name).toContain('compaction');
    await task.join();
  },

  'join gives what the body returned, as often as it is asked, also afterwards': async (scheduler) => {
    const task = scheduler.spawn('task', async () => {
      await scheduler.yield();
      return 42;
    });
    expect(await Promise.all([task.join(), task.join()])).toEqual([42, 42]);
    expect(await task.join()).toBe(42);
  },

  'join rejects as the body did, as often as it is asked, also afterwards': async (scheduler) => {
    const error = new Error('the body failed');
    const task = scheduler.spawn('task', async () => {
      await scheduler.yield();
      throw error;
    });
    const outcomes = await Promise.allSettled([task.join(), task.join()]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    await expect(task.join()).rejects.toBe(error);
  },

  'a failure may be asked for long after it happened': async (scheduler) => {
    const error = new Error('the body failed');
    const task = scheduler.spawn('task', async () => {
      throw error;
    });
    for (let turn = 0; turn < 20; turn++) await scheduler.yield();
    await expect(task.join()).rejects.toBe(error);
  },

  'tasks start tasks': async (scheduler) => {
    const parent = scheduler.spawn('parent', async () => {
      const children = [1, 2, 3].map((value) => scheduler.spawn(`child ${value}`, async () => value));
      return Promise.all(children.map((child) => child.join()));
    });
    expect(await parent.join()).toEqual([1, 2, 3]);
  },

  'a task that yields again and again starves nobody': async (scheduler) => {
    const turns: number[] = [];
    const other = scheduler.spawn('other', async () => {
      for (let turn = 1; turn <= 5; turn++) {
        await scheduler.yield();
        turns.push(turn);
      }
    });
    for (let tries = 0; turns.length < 5 && tries < 10_000; tries++) await scheduler.yield();
    expect(turns).toEqual([1, 2, 3, 4, 5]);
    await other.join();
  },

  'park waits until somebody wakes it, and brings the value along': async (scheduler) => {
    const parked = scheduler.park<string>('a letter');
    const steps: string[] = [];
    const other = scheduler.spawn('other', async () => {
      steps.push('sent');
      parked.wake('a letter');
    });
    steps.push(await parked.promise);
    expect(steps).toEqual(['sent', 'a letter']);
    await other.join();
  },

  'a wake before the wait is not lost': async (scheduler) => {
    const parked = scheduler.park<number>('a number');
    parked.wake(7);
    await scheduler.yield();
    expect(await parked.promise).toBe(7);
    expect(await parked.promise).toBe(7);
  },

  'waking somebody does not run him: the waker goes on first': async (scheduler) => {
    const parked = scheduler.park('the signal');
    const steps: string[] = [];
    const waiter = scheduler.spawn('waiter', async () => {
      await parked.promise;
      steps.push('woken');
    });
    await scheduler.yield();
    parked.wake();
    steps.push('went on');
    await waiter.join();
    expect(steps).toEqual(['went on', 'woken']);
  },

  'fail ends the wait with the error': async (scheduler) => {
    const parked = scheduler.park('what never comes');
    const error = new Error('it never comes');
    const other = scheduler.spawn('other', async () => parked.fail(error));
    await expect(parked.promise).rejects.toBe(error);
    await other.join();
  },

  'the first of wake and fail counts': async (scheduler) => {
    const woken = scheduler.park<number>('a number');
    woken.wake(1);
    woken.fail(new Error('too late'));
    woken.wake(2);
    expect(await woken.promise).toBe(1);
    const failed = scheduler.park<number>('a number');
    const first = new Error('first');
    const outcome = failed.promise.catch((error: unknown) => error);
    failed.fail(first);
    failed.wake(1);
    failed.fail(new Error('second'));
    expect(await outcome).toBe(first);
  },

  'tasks that wake each other in turn all come to their end': async (scheduler) => {
    const rounds = 20;
    const parked = Array.from({ length: rounds + 1 }, (_, round) => scheduler.park(`round ${round}`));
    const play = async (parity: number): Promise<number> => {
      let played = 0;
      for (let round = parity; round < rounds; round += 2) {
        await parked[round]?.promise;
        played++;
        parked[round + 1]?.wake();
      }
      return played;
    };
    const tasks = [0, 1].map((parity) => scheduler.spawn(`player ${parity}`, () => play(parity)));
    parked[0]?.wake();
    await parked[rounds]?.promise;
    expect(await Promise.all(tasks.map((task) => task.join()))).toEqual([rounds / 2, rounds / 2]);
  },
};
