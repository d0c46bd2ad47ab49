import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StuckError } from './stuck.ts';
import { owner, runToEnd, testKernel } from './kernel.test-support.ts';
import { strategies } from './strategies/index.ts';

/** Tasks that log their every turn. */
function logged(strategy: string, seed: string, tasks: number, turns: number, record = true) {
  const log: string[] = [];
  const world = testKernel({ strategy, choices: { kind: 'seed', seed, record } });
  for (let task = 0; task < tasks; task++) {
    world.kernel.spawn(owner, `t${task}`, async () => {
      for (let turn = 0; turn < turns; turn++) {
        log.push(`${task}.${turn}`);
        await world.kernel.yield();
      }
    });
  }
  return { ...world, log };
}

describe('Kernel', () => {
  it('ends a step only when a chain of awaits of any depth has run out', async () => {
    const { kernel } = testKernel();
    const order: string[] = [];
    kernel.spawn(owner, 'deep', async () => {
      for (let depth = 0; depth < 500; depth++) await undefined;
      order.push('deep');
    });
    kernel.spawn(owner, 'shallow', async () => {
      order.push('shallow');
    });
    await runToEnd(kernel);
    expect(order).toEqual(['deep', 'shallow']);
  });

  it('runs process.nextTick callbacks within the step that queued them', async () => {
    const { kernel } = testKernel();
    const order: string[] = [];
    kernel.spawn(owner, 'ticks', async () => {
      await new Promise<void>((resolve) => {
        process.nextTick(() => process.nextTick(resolve));
      });
      order.push('ticked');
    });
    kernel.spawn(owner, 'other', async () => {
      order.push('other');
    });
    await runToEnd(kernel);
    expect(order).toEqual(['ticked', 'other']);
  });

  it('knows the running task across awaits, so that what it spawns is its child', async () => {
    const { kernel, trace } = testKernel({ strategy: 'random' });
    kernel.spawn(owner, 'parent', async () => {
      await kernel.yield();
      await Promise.all(
        ['a', 'a', 'b'].map((name) => kernel.spawn(owner, name, async () => undefined).join()),
      );
    });
    kernel.spawn(owner, 'stranger', async () => {
      for (let turn = 0; turn < 5; turn++) await kernel.yield();
    });
    await runToEnd(kernel);
    const names = new Set(trace.steps.map((step) => step.task));
    expect([...names].toSorted()).toEqual([
      'main/parent',
      'main/parent/a',
      'main/parent/a#2',
      'main/parent/b',
      'main/stranger',
    ]);
  });

  it('jumps to the next timer when nothing else can run', async () => {
    const { kernel } = testKernel();
    const fired: string[] = [];
    kernel.spawn(owner, 'late', async () => {
      await kernel.timer(3_600_000_000).fired;
      fired.push('late');
    });
    kernel.spawn(owner, 'early', async () => {
      await kernel.timer(1_000_000).fired;
      fired.push('early');
    });
    await runToEnd(kernel);
    expect(fired).toEqual(['early', 'late']);
    expect(kernel.nowMicros).toBeGreaterThanOrEqual(3_600_000_000);
    expect(kernel.nowMicros).toBeLessThan(3_600_000_100);
  });

  it('forgets a timer that was called off: time does not move for it', async () => {
    const { kernel } = testKernel();
    const outcomes: boolean[] = [];
    kernel.spawn(owner, 'waiter', async () => {
      const timer = kernel.timer(60_000_000);
      kernel.spawn(owner, 'canceller', async () => {
        timer.cancel();
        timer.cancel();
      });
      outcomes.push(await timer.fired);
    });
    await runToEnd(kernel);
    expect(outcomes).toEqual([false]);
    expect(kernel.nowMicros).toBeLessThan(1000);
  });

  it('delivers a wake-up as a step of the task that waits', async () => {
    const { kernel, trace } = testKernel();
    kernel.spawn(owner, 'sleeper', async () => {
      const parked = kernel.park<number>('a number');
      kernel.spawn(owner, 'waker', async () => {
        parked.wake(7);
        parked.wake(8);
        parked.fail(new Error('too late'));
      });
      expect(await parked.promise).toBe(7);
    });
    await runToEnd(kernel);
    const wakes = trace.steps.filter((step) => step.operation === 'wake');
    expect(wakes.map((step) => [step.task, step.resource])).toEqual([['main/sleeper', 'a number']]);
    expect(kernel.unjoinedFailures).toEqual([]);
  });

  it('says who waits for what when two tasks hold what the other needs', async () => {
    const { kernel } = testKernel();
    const one = kernel.park('never');
    expect(one.promise).toBeInstanceOf(Promise);
    kernel.spawn(owner, 'philosopher-1', () => kernel.park('mutex fork-2').promise);
    kernel.spawn(owner, 'philosopher-2', () => kernel.park('mutex fork-1').promise);
    await runToEnd(kernel);
    const stuck = kernel.stuck();
    expect(stuck.code).toBe('SIM_DEADLOCK');
    expect(stuck.tasks.map(({ task, waitingFor }) => `${task}: ${waitingFor}`)).toEqual(
      expect.arrayContaining(['main/philosopher-1: mutex fork-2', 'main/philosopher-2: mutex fork-1']),
    );
    expect(stuck.message).toContain('main/philosopher-1 (1 steps) waits for mutex fork-2');
  });

  it('calls a run that uses up its steps a livelock and names the busiest task first', async () => {
    const { kernel } = testKernel({ stepsMax: 1000, strategy: 'random' });
    kernel.spawn(owner, 'spinner', async () => {
      for (;;) await kernel.yield();
    });
    kernel.spawn(owner, 'sleeper', () => kernel.park('godot').promise);
    const error = await runToEnd(kernel).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StuckError);
    expect((error as StuckError).kind).toBe('livelock');
    expect((error as StuckError).tasks[0]?.task).toBe('main/spinner');
  });

  it('never runs an abandoned task again, whatever it waited for', async () => {
    const { kernel } = testKernel({ strategy: 'random' });
    const process = { name: 'process' };
    let turns = 0;
    const spinning = async (): Promise<void> => {
      for (;;) {
        turns++;
        await kernel.yield();
      }
    };
    kernel.spawn(process, 'spinner', spinning);
    kernel.spawn(process, 'sleeper', async () => {
      await kernel.timer(1_000_000).fired;
      turns = Number.NaN;
    });
    const parked = kernel.park('nothing');
    kernel.spawn(process, 'parked', async () => {
      await parked.promise;
      turns = Number.NaN;
    });
    kernel.afterSteps(50, 'kill', () => kernel.abandon(process));
    await runToEnd(kernel);
    expect(turns).toBeGreaterThan(10);
    expect(turns).toBeLessThanOrEqual(50);
  });

  it('rings an alarm between two steps, after exactly as many as asked', async () => {
    const { kernel, trace } = testKernel();
    let at = 0;
    kernel.afterSteps(7, 'bell', () => {
      at = kernel.steps;
    });
    kernel.spawn(owner, 'walker', async () => {
      for (let turn = 0; turn < 20; turn++) await kernel.yield();
    });
    await runToEnd(kernel);
    expect(at).toBe(7);
    expect(trace.steps.find((step) => step.operation === 'fault')?.resource).toBe('bell');
  });

  it('rings an alarm right after an operation was delivered so many times', async () => {
    const { kernel, trace } = testKernel();
    kernel.afterOperations('write', 3, 'bell', () => undefined);
    kernel.spawn(owner, 'writer', async () => {
      for (let turn = 0; turn < 9; turn++) {
        await kernel.perform('read', 'file', () => turn);
        await kernel.perform('write', 'file', () => turn);
      }
    });
    await runToEnd(kernel);
    const rung = trace.steps.findIndex((step) => step.operation === 'fault');
    expect(trace.steps[rung - 1]?.operation).toBe('write');
    expect(trace.steps.slice(0, rung).filter((step) => step.operation === 'write')).toHaveLength(3);
  });

  it('hands a rejection to whoever joins, and keeps one that nobody joined', async () => {
    const { kernel } = testKernel();
    kernel.spawn(owner, 'parent', async () => {
      const child = kernel.spawn(owner, 'child', async () => {
        throw new Error('joined');
      });
      await expect(child.join()).rejects.toThrow('joined');
      await expect(child.join()).rejects.toThrow('joined');
      kernel.spawn(owner, 'orphan', async () => {
        throw new Error('alone');
      });
    });
    await runToEnd(kernel);
    expect(kernel.unjoinedFailures.map(({ task }) => task)).toEqual(['main/parent/orphan']);
  });

  it('delays only as many operations as the latency model says, and never beyond its bound', async () => {
    const { kernel } = testKernel({ latency: { slow: 1, outOf: 4, microsMax: 1000 }, strategy: 'in-order' });
    const durations: number[] = [];
    kernel.spawn(owner, 'disk-user', async () => {
      for (let operation = 0; operation < 2000; operation++) {
        const begun = kernel.nowMicros;
        await kernel.perform('read', 'file', () => operation);
        durations.push(kernel.nowMicros - begun - 1);
      }
    });
    await runToEnd(kernel);
    const slow = durations.filter((duration) => duration > 0).length;
    expect(slow / durations.length).toBeGreaterThan(0.2);
    expect(slow / durations.length).toBeLessThan(0.3);
    expect(Math.max(...durations)).toBeLessThanOrEqual(1000);
  });

  it('throws what the effect threw, to the task that asked', async () => {
    const { kernel } = testKernel();
    const failing = kernel.spawn(owner, 'asker', async () => {
      await expect(
        kernel.perform('read', 'file', () => {
          throw Object.assign(new Error('broken'), { code: 'EIO' });
        }),
      ).rejects.toMatchObject({ code: 'EIO' });
      return 'told';
    });
    await runToEnd(kernel);
    await expect(failing.join()).resolves.toBe('told');
  });

  for (const { name } of strategies) {
    it(`runs every task to its end under ${name}, the same way for the same seed`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 8 }), async (seed, tasks) => {
          const first = logged(name, String(seed), tasks, 6);
          await runToEnd(first.kernel);
          const second = logged(name, String(seed), tasks, 6);
          await runToEnd(second.kernel);
          expect(first.log).toHaveLength(tasks * 6);
          expect(second.log).toEqual(first.log);
          expect(second.digest.toString()).toBe(first.digest.toString());
        }),
        { numRuns: 30 },
      );
    });
  }

  it.each(strategies)(
    'takes the same way under $name whether or not its picks are recorded',
    async ({ name }) => {
      const recorded = logged(name, '6', 40, 5, true);
      const unrecorded = logged(name, '6', 40, 5, false);
      await runToEnd(recorded.kernel);
      await runToEnd(unrecorded.kernel);
      expect(unrecorded.log).toEqual(recorded.log);
      expect(unrecorded.digest.toString()).toBe(recorded.digest.toString());
    },
  );

  it('interleaves differently under different seeds', async () => {
    const logs = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const world = logged('random', String(seed), 4, 4);
      await runToEnd(world.kernel);
      logs.add(world.log.join(' '));
    }
    expect(logs.size).toBe(20);
  });

  it('replays a tape under another strategy: the picks are on it, not the dice', async () => {
    const recorded = logged('random', '5', 5, 5);
    await runToEnd(recorded.kernel);
    const tape = recorded.choices.tape!;
    const log: string[] = [];
    const replayed = testKernel({ strategy: 'in-order', choices: { kind: 'strict', seed: '5', tape } });
    for (let task = 0; task < 5; task++) {
      replayed.kernel.spawn(owner, `t${task}`, async () => {
        for (let turn = 0; turn < 5; turn++) {
          log.push(`${task}.${turn}`);
          await replayed.kernel.yield();
        }
      });
    }
    await runToEnd(replayed.kernel);
    replayed.choices.finish();
    expect(log).toEqual(recorded.log);
    expect(replayed.digest.toString()).toBe(recorded.digest.toString());
  });
});
