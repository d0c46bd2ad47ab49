import { describe, expect, it } from 'vitest';
import type { Scheduler, Task } from './scheduler.ts';
import { Channel } from './sync/channel.ts';
import { Mutex } from './sync/mutex.ts';
import { Semaphore } from './sync/semaphore.ts';
import { Watermark } from './sync/watermark.ts';

/** A scheduler under which `Mutex`, `Semaphore`, `Channel` and `Watermark` are to keep their promises. */
export interface SyncUnderTest {
  readonly name: string;
  create(): Scheduler;
  /** Where the body of a claim has to run, if not right in the test: in a task of a simulation. */
  run?(body: () => Promise<void>): Promise<void>;
}

/** Runs every claim about the ways to wait for each other over one scheduler. */
export function describeSyncConformance({ name, create, run = (body) => body() }: SyncUnderTest): void {
  describe(`Mutex, Semaphore, Channel and Watermark over ${name}`, () => {
    it.each(Object.entries(syncClaims))('%s', async (_, check) => {
      expect.hasAssertions();
      await run(() => check(create()));
    });
  });
}

type Claim = (scheduler: Scheduler) => Promise<void>;

const syncClaims: Readonly<Record<string, Claim>> = {
  // Mutex

  'a mutex lets one in at a time': async (scheduler) => {
    const mutex = new Mutex(scheduler, 'door');
    let inside = 0;
    let insideMax = 0;
    const visitor = (): Promise<void> =>
      mutex.withLock(async () => {
        insideMax = Math.max(insideMax, ++inside);
        await pause(scheduler, 3);
        inside--;
      });
    await joinAll(many(5, (index) => scheduler.spawn(`visitor ${index}`, visitor)));
    expect([inside, insideMax]).toEqual([0, 1]);
  },

  'a mutex gives back what the body returned, and is free again after it threw': async (scheduler) => {
    const mutex = new Mutex(scheduler, 'door');
    expect(await mutex.withLock(async () => 'value')).toBe('value');
    const error = new Error('inside');
    await expect(mutex.withLock(() => Promise.reject(error))).rejects.toBe(error);
    expect(await mutex.withLock(async () => 'again')).toBe('again');
  },

  'a mutex serves first who came first, and nobody slips in between': async (scheduler) => {
    const mutex = new Mutex(scheduler, 'door');
    const order: number[] = [];
    const enter = (index: number): Promise<void> =>
      mutex.withLock(async () => {
        order.push(index);
        await scheduler.yield();
      });
    // All called in this one turn, and one more by the holder while the others wait.
    let late: Promise<void> | undefined;
    const first = mutex.withLock(async () => {
      order.push(0);
      await scheduler.yield();
      late = enter(4);
    });
    await Promise.all([first, enter(1), enter(2), enter(3)]);
    await late;
    expect(order).toEqual([0, 1, 2, 3, 4]);
  },

  // Semaphore

  'a semaphore never gives more permits than it has': async (scheduler) => {
    const semaphore = new Semaphore(scheduler, 'seats', 5);
    let taken = 0;
    let takenMax = 0;
    const guest = async (seats: number): Promise<void> => {
      await semaphore.acquire(seats);
      takenMax = Math.max(takenMax, (taken += seats));
      await pause(scheduler, 2);
      taken -= seats;
      semaphore.release(seats);
    };
    await joinAll(many(12, (index) => scheduler.spawn(`guest ${index}`, () => guest((index % 4) + 1))));
    expect(taken).toBe(0);
    expect(takenMax).toBeGreaterThan(1);
    expect(takenMax).toBeLessThanOrEqual(5);
  },

  'a semaphore does not let small requests overtake a large one': async (scheduler) => {
    const semaphore = new Semaphore(scheduler, 'seats', 3);
    const order: string[] = [];
    await semaphore.acquire(2);
    const large = semaphore.acquire(3).then(() => order.push('large'));
    const small = semaphore.acquire(1).then(() => order.push('small'));
    await pause(scheduler, 3);
    expect(order).toEqual([]);
    semaphore.release(2);
    await large;
    expect(order).toEqual(['large']);
    semaphore.release(3);
    await small;
    expect(order).toEqual(['large', 'small']);
    semaphore.release(1);
  },

  'a semaphore grants a request above its capacity when it is free': async (scheduler) => {
    const semaphore = new Semaphore(scheduler, 'seats', 3);
    await semaphore.acquire(1);
    let isGranted = false;
    const huge = semaphore.acquire(100).then(() => {
      isGranted = true;
    });
    await pause(scheduler, 3);
    expect(isGranted).toBe(false);
    semaphore.release(1);
    await huge;
    semaphore.release(100);
    await semaphore.acquire(3);
    semaphore.release(3);
  },

  // Channel

  'a channel keeps the order, and its bound': async (scheduler) => {
    const channel = new Channel<number>(scheduler, 'belt', 2);
    let sent = 0;
    const sender = scheduler.spawn('sender', async () => {
      for (let item = 0; item < 10; item++) {
        expect(await channel.send(item)).toBe(true);
        sent++;
      }
      channel.close();
    });
    const received: number[] = [];
    for (let item = await channel.receive(); item !== undefined; item = await channel.receive()) {
      received.push(item);
      // Two on the belt, and one that was let in for the one just taken.
      expect(sent - received.length).toBeLessThanOrEqual(3);
      await pause(scheduler, 3);
    }
    expect(received).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await sender.join();
  },

  'a channel without room hands over from hand to hand': async (scheduler) => {
    const channel = new Channel<string>(scheduler, 'hand', 0);
    let isTaken = false;
    const sender = scheduler.spawn('sender', async () => {
      isTaken = await channel.send('parcel');
    });
    await pause(scheduler, 3);
    expect(isTaken).toBe(false);
    expect(await channel.receive()).toBe('parcel');
    await sender.join();
    expect(isTaken).toBe(true);
  },

  'a channel that is closed gives out what it holds, and then nothing': async (scheduler) => {
    const channel = new Channel<number>(scheduler, 'belt', 2);
    await channel.send(1);
    await channel.send(2);
    const late = channel.send(3);
    channel.close();
    expect(await late).toBe(false);
    expect(await channel.send(4)).toBe(false);
    expect([await channel.receive(), await channel.receive(), await channel.receive()]).toEqual([
      1,
      2,
      undefined,
    ]);
  },

  'closing a channel ends the wait of its receivers': async (scheduler) => {
    const channel = new Channel<number>(scheduler, 'belt', 2);
    const receivers = many(3, (index) => scheduler.spawn(`receiver ${index}`, () => channel.receive()));
    await pause(scheduler, 3);
    channel.close();
    expect(await joinAll(receivers)).toEqual([undefined, undefined, undefined]);
  },

  'a channel serves its receivers in the order in which they came': async (scheduler) => {
    const channel = new Channel<number>(scheduler, 'belt', 1);
    const waits = many(3, () => channel.receive());
    for (const item of [10, 20, 30]) await channel.send(item);
    expect(await Promise.all(waits)).toEqual([10, 20, 30]);
  },

  // Watermark

  'a watermark that is high enough lets one pass at once': async (scheduler) => {
    const mark = new Watermark(scheduler, 'mark', 5);
    await mark.reach(5);
    await mark.reach(-1);
    expect(mark.value).toBe(5);
  },

  'a watermark wakes those that it has reached and no others': async (scheduler) => {
    const mark = new Watermark(scheduler, 'mark', 0);
    const reached: number[] = [];
    const tasks = [3, 1, 2].map((target) =>
      scheduler.spawn(`waiter ${target}`, async () => {
        await mark.reach(target);
        reached.push(target);
      }),
    );
    await pause(scheduler, 3);
    expect(reached).toEqual([]);
    mark.advance(2);
    await joinAll(tasks.slice(1));
    expect(reached.toSorted()).toEqual([1, 2]);
    mark.advance(100);
    await joinAll(tasks);
    expect(reached.at(-1)).toBe(3);
  },

  'a watermark never falls': async (scheduler) => {
    const mark = new Watermark(scheduler, 'mark', 7);
    mark.advance(3);
    expect(mark.value).toBe(7);
    await mark.reach(7);
  },

  'a watermark that has failed ends every wait for more with its first error': async (scheduler) => {
    const mark = new Watermark(scheduler, 'mark', 1);
    const first = new Error('first');
    const before = scheduler.spawn('before', () => mark.reach(2));
    await pause(scheduler, 3);
    mark.fail(first);
    mark.fail(new Error('second'));
    await expect(before.join()).rejects.toBe(first);
    await expect(mark.reach(2)).rejects.toBe(first);
    await mark.reach(1);
  },
};

/** Enough turns for whoever can run to do so. */
async function pause(scheduler: Scheduler, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await scheduler.yield();
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

async function joinAll<T>(tasks: readonly Task<T>[]): Promise<T[]> {
  return Promise.all(tasks.map((task) => task.join()));
}
