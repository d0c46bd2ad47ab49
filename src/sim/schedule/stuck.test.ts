import { describe, expect, it } from 'vitest';
import { Mutex } from '../../ports/index.ts';
import { owner, runToEnd, testKernel } from './kernel.test-support.ts';
import { SimScheduler } from './sim-scheduler.ts';
import { StuckError } from './stuck.ts';

/** Two tasks that need the same two locks, three times each. */
async function twoLocks(seed: string, second: 'the same' | 'the other way'): Promise<StuckError | undefined> {
  const { kernel } = testKernel({ strategy: 'random', choices: { kind: 'seed', seed, record: false } });
  const scheduler = new SimScheduler(kernel, owner);
  const log = new Mutex(scheduler, 'log');
  const store = new Mutex(scheduler, 'store');
  let ended = 0;
  const use = (name: string, outer: Mutex, inner: Mutex): void => {
    kernel.spawn(owner, name, async () => {
      for (let turn = 0; turn < 3; turn++) {
        await kernel.yield();
        await outer.withLock(async () => {
          await kernel.yield();
          await inner.withLock(() => kernel.yield());
        });
      }
      ended++;
    });
  };
  use('writer', log, store);
  if (second === 'the same') use('compactor', log, store);
  else use('compactor', store, log);
  await runToEnd(kernel);
  return ended === 2 ? undefined : kernel.stuck();
}

const seeds = ['1', '2', '3', '4', '5', '6', '7', '8'];

describe('two locks', () => {
  it('taken in inverted order are found to deadlock by one of few seeds, which says who holds what', async () => {
    const found = await Promise.all(seeds.map((seed) => twoLocks(seed, 'the other way')));
    const first = found.find((error) => error !== undefined);
    expect(first?.code).toBe('SIM_DEADLOCK');
    expect(first?.message).toMatch(
      /main\/writer \(\d+ steps\) waits for mutex store, which main\/compactor holds/,
    );
    expect(first?.message).toMatch(
      /main\/compactor \(\d+ steps\) waits for mutex log, which main\/writer holds/,
    );
  });

  it('taken in one order never do', async () => {
    for (const seed of seeds) expect(await twoLocks(seed, 'the same')).toBeUndefined();
  });
});

describe('a run that never ends', () => {
  it('because a task tries again for ever is explained: who is busy, and who never gets its turn and why', async () => {
    const { kernel } = testKernel({ strategy: 'random', stepsMax: 500 });
    const scheduler = new SimScheduler(kernel, owner);
    const door = new Mutex(scheduler, 'door');
    const signal = { isReady: false };
    kernel.spawn(owner, 'retrier', () =>
      door.withLock(async () => {
        while (!signal.isReady) await kernel.yield();
      }),
    );
    kernel.spawn(owner, 'starved', async () => {
      await kernel.yield();
      await kernel.yield();
      await door.withLock(async () => {
        signal.isReady = true;
      });
    });
    // Whoever comes to the door first: with the retrier inside, nobody else ever is.
    const error = await runToEnd(kernel).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StuckError);
    const { code, tasks } = error as StuckError;
    expect(code).toBe('SIM_LIVELOCK');
    expect(tasks[0]).toMatchObject({ task: 'main/retrier', waitingFor: 'yield' });
    expect(tasks[0]?.steps).toBeGreaterThan(400);
    expect(tasks[1]).toMatchObject({
      task: 'main/starved',
      waitingFor: 'mutex door',
      heldBy: 'main/retrier',
    });
  });
});
