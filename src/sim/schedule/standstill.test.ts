import { describe, expect, it } from 'vitest';
import { owner, runToEnd, testKernel } from './kernel.test-support.ts';

const still = { name: 'node-1' };

describe('an owner that stands still', () => {
  it('runs nothing until it goes on, and then what piled up, in order; others go on meanwhile', async () => {
    const { kernel } = testKernel();
    const log: string[] = [];
    for (const ms of [1, 2, 3]) {
      kernel.spawn(still, `timer-${ms}`, async () => {
        await kernel.timer(ms * 1000).fired;
        log.push(`timer ${ms}`);
      });
    }
    kernel.spawn(owner, 'other', async () => {
      await kernel.yield();
      kernel.pause(still);
      kernel.pause(still);
      kernel.spawn(still, 'late', async () => {
        log.push('late');
      });
      await kernel.timer(60_000_000).fired;
      log.push('other');
      kernel.resume(still);
      kernel.resume(still);
    });
    await runToEnd(kernel);
    expect(log).toEqual(['other', 'late', 'timer 1', 'timer 2', 'timer 3']);
  });

  it('never goes on once it is abandoned', async () => {
    const { kernel } = testKernel();
    const log: string[] = [];
    kernel.spawn(still, 'doomed', async () => {
      log.push('doomed');
    });
    kernel.pause(still);
    kernel.abandon(still);
    kernel.resume(still);
    await runToEnd(kernel);
    expect(log).toEqual([]);
  });

  it('is named as what a deadlock waits for, if nobody lets it go on', async () => {
    const { kernel } = testKernel();
    kernel.spawn(still, 'sleeper', async () => {
      await kernel.timer(1000).fired;
    });
    kernel.spawn(owner, 'pauser', async () => kernel.pause(still));
    await runToEnd(kernel);
    expect(kernel.stuck().message).toContain('main/sleeper (1 steps) waits for node-1 to go on, then timer');
  });
});
