import { describe, expect, it } from 'vitest';
import { stateAt } from '../sim/index.ts';
import { play } from './play.ts';
import { calm, toyArena } from './play.test-support.ts';
import { indexOfStep, replayStates } from './replay-states.ts';
import { toRunFile } from './run-file.ts';
import { planRun } from './run-plan.ts';

const rounds = 1_200;

/** Writes a byte in each round and never syncs, until somebody cuts the power. */
const writer = toyArena(
  async (context) => {
    const machine = context.machine('node-1');
    const process = machine.boot();
    await process.call('write', async () => {
      const handle = await process.ports.fs.open('/log', 'w');
      for (let round = 0; round < rounds; round++) {
        await handle.write(new Uint8Array(1), 0, 1, round);
        await process.ports.scheduler.yield();
      }
    });
    machine.powerLoss();
    await context.scheduler.yield();
  },
  [{ ...calm, profiles: ['lazy'] }],
);

describe('replayStates', async () => {
  const played = await play(writer, planRun({ seed: '1', pairs: [{ arena: 'toy', scenario: 'calm' }] }, 0), {
    record: true,
  });
  const file = await toRunFile(played, undefined);

  it('plays the run of a file again and has the last two thousand states of it', async () => {
    const { states, trace } = (await replayStates(writer, file))!;
    const { steps } = played.record;
    expect(trace.steps).toHaveLength(steps);
    expect(states.frames).toHaveLength(2_000);
    expect(states.baseStep).toBe(steps - 2_000);
    const bytesAfter = (step: number): number | undefined =>
      stateAt(states, indexOfStep(states, step)).machines['node-1']?.files['/log']?.size;
    const half = trace.steps.filter(({ operation }) => operation === 'write').at(rounds / 2 - 1)!;
    expect(bytesAfter(half.step)).toBe(rounds / 2);
    expect(bytesAfter(half.step - 1)).toBe(rounds / 2 - 1);
    expect(bytesAfter(steps)).toBe(0);
  });

  it('has nothing to show of a run that the code does not play any more', async () => {
    const other = { ...file, record: { ...file.record, digest: '0000000000000000' } };
    expect(await replayStates(writer, other)).toBeUndefined();
  });
});
