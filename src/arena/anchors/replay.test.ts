import { describe, expect, it } from 'vitest';
import { arenaRun } from '../arena-run.test-support.ts';
import type { ArenaContext } from '../context.ts';
import type { Scenario } from '../scenario.ts';
import type { AnchoredFault } from './anchored-fault.ts';

const faulty: Partial<Scenario> = {
  rot: { bitsMax: 4, distanceStepsMax: 64 },
  pauses: { max: 2, msMax: 20, distanceStepsMax: 64 },
  clock: {
    stepsMax: 2,
    msMax: 1000,
    distanceStepsMax: 64,
    freezes: { max: 2, msMax: 50 },
  },
};

/** A program that writes files, one after the other; `asMore` also looks about and writes others. */
async function write(context: ArenaContext, asMore: boolean): Promise<void> {
  const { chaos } = context;
  const machine = context.machine('node-1');
  const process = machine.boot();
  chaos.faultPace(machine);
  chaos.faultClock(machine);
  chaos.rot(machine, '/d');
  const { fs } = process.ports;
  const file = async (path: string): Promise<void> => {
    const handle = await fs.open(path, 'wx');
    await handle.write(new Uint8Array(300).fill(7), 0, 300, 0);
    await handle.close();
  };
  await process.call('write', async () => {
    await fs.mkdir('/d', {});
    if (asMore) await fs.mkdir('/e', {});
    for (let number = 0; number < 60; number += 1) {
      await file(`/d/run-${number}`);
      if (asMore) {
        await file(`/e/note-${number}`);
        await fs.stat('/d');
      }
    }
  });
}

const seeds = Array.from({ length: 12 }, (_, seed) => String(seed));
const tape = { knobs: {}, workload: {}, fault: {}, schedule: {} };

/** What happened, and how often each kind of it. */
async function played(seed: string, asMore: boolean, faults?: readonly AnchoredFault[]) {
  const plan = faults && { faults, kinds: 'all' as const };
  const replay = plan && { mode: 'steps' as const, tape, overtakings: [], faults: plan };
  const run = await arenaRun(faulty, (context) => write(context, asMore), seed, { observe: true, replay });
  const told = run.history.filter(({ kind }) => kind === 'fault').map(({ text }) => text);
  return { run, told: told.toSorted(), counts: run.record.faults };
}

describe('faults that were noted', () => {
  it('come again without their draws, do the same, and are not moved by other files and calls', async () => {
    const kinds = new Set<string>();
    for (const seed of seeds) {
      const { run, told, counts } = await played(seed, false);
      const { faults } = run.observed;
      for (const { kind } of faults) kinds.add(kind);
      for (const asMore of [false, true]) {
        const again = await played(seed, asMore, faults);
        expect(again.run.missed).toEqual([]);
        expect(again.told).toEqual(told);
        expect(again.counts).toEqual(counts);
      }
    }
    expect([...kinds].toSorted()).toEqual(['clock-freeze', 'clock-step', 'pause', 'rot']);
  });

  it('are missed where there is nothing to do them to: a bit of a file that is not there', async () => {
    const runs = await Promise.all(seeds.map((seed) => played(seed, false)));
    const rot = runs.flatMap(({ run }) => run.observed.faults).find(({ kind }) => kind === 'rot')!;
    const far = { ...rot, place: { ...rot.place!, nth: 1000 } };
    const { run, counts } = await played('1', false, [far]);
    expect(run.missed).toEqual([expect.stringMatching(/^rot in the 1000th \/d\/run-# of node-1, /)]);
    expect(counts).toEqual({});
  });
});
