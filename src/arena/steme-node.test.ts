import { describe, expect, it } from 'vitest';
import type { Machine } from '../sim/index.ts';
import { WalCorruptError, WalPoisonedError } from '../engine/index.ts';
import { play, type PlayedRun } from '../explore/index.ts';
import { UnavailableError } from './ailment.ts';
import { type ArenaContext, defineArena, makeAgents, type Scenario, StemeNode } from './index.ts';
import { Rot } from './rot.ts';

const calm: Scenario = {
  name: 'test',
  summary: 'Nothing goes wrong but what a test adds.',
  profiles: ['strict'],
  latency: { slow: 0, outOf: 1, microsMax: 0 },
  crashes: { powerLossesMax: 0, killsMax: 0, distanceStepsMax: 1, distanceWritesMax: 1, imagesMax: 0 },
};

const poisoned = new WalPoisonedError(false, new Error('EIO'));

describe('what a database says of its disk', () => {
  it('is no excuse where no call of the file system has failed', async () => {
    const { failure } = await run({}, async (node) => {
      await expect(complain(node, poisoned)).rejects.toBe(poisoned);
      await expect(complain(node, damage)).rejects.toBe(damage);
    });
    expect(failure).toBeUndefined();
  });

  it('is one when the disk has failed it, and then it is opened again', async () => {
    const disk = { syncError: { outOf: 1, max: 1, under: '/wal/', during: 'serving' } } as const;
    const { failure, record } = await run({ disk }, async (node, write, context) => {
      await expect(complain(node, poisoned)).rejects.toBe(poisoned);
      await expect(write()).rejects.toBeInstanceOf(UnavailableError);
      await context.clock.sleep(1000);
      await write();
      await expect(complain(node, poisoned)).rejects.toBe(poisoned);
    });
    expect(failure).toBeUndefined();
    expect(record.faults['sync-error']).toBe(1);
    expect(record.markers['arena.gave-up-for-its-disk']).toBe(1);
  });
});

describe('a bit that has flipped', () => {
  it('explains damage of its own file, the newest file spared, until it is put back', async () => {
    const { failure } = await played({}, async (context) => {
      const machine = context.machine('node-1');
      machine.disk.mkdir('/d');
      for (const path of ['/d/1', '/d/2']) fill(machine, path);
      const sum = (): number => {
        const bytes = new Uint8Array(100);
        machine.disk.open('/d/1', 'r').read(bytes, 0, 100, 0);
        return bytes.reduce((total, byte) => total + byte);
      };
      const rot = new Rot(machine, '/d');
      const damageOf = (path: string): Error =>
        new Error('wrapped', { cause: new WalCorruptError(path, 0, '') });
      expect(rot.strike()?.path).toBe('/d/1');
      expect([sum() > 0, rot.explains(damageOf('/d/1')), rot.explains(damageOf('/d'))]).toEqual([
        true,
        true,
        true,
      ]);
      expect([rot.explains(damageOf('/d/2')), rot.explains(poisoned)]).toEqual([false, false]);
      rot.heal();
      expect([sum(), rot.explains(damageOf('/d/1')), rot.explains(damageOf('/d/1'), 0)]).toEqual([
        0,
        false,
        true,
      ]);
    });
    expect(failure).toBeUndefined();
  });
});

describe('rot', () => {
  it('is still in a file that had gone when the others were put back, and has come back', async () => {
    const { failure } = await played({}, async (context) => {
      const machine = context.machine('node-1');
      machine.disk.mkdir('/d');
      for (const path of ['/d/1', '/d/2']) fill(machine, path);
      const rot = new Rot(machine, '/d');
      const explains = (): boolean => rot.explains(new WalCorruptError('/d/1', 0, ''));
      rot.strike();
      machine.disk.rename('/d/1', '/d/gone');
      rot.heal();
      expect([explains(), rot.healed]).toEqual([true, 0]);
      machine.disk.rename('/d/gone', '/d/1');
      rot.heal();
      expect([explains(), rot.healed]).toEqual([false, 1]);
    });
    expect(failure).toBeUndefined();
  });

  it('while a database is opened leaves alone what was newest before, and strikes what is older', async () => {
    const { failure } = await played({}, async (context) => {
      const machine = context.machine('node-1');
      machine.disk.mkdir('/d');
      const struck = (rot: Rot): Set<string | undefined> =>
        new Set(Array.from({ length: 60 }, () => rot.strike()?.path));
      for (const path of ['/d/1', '/d/2']) fill(machine, path);
      const rot = new Rot(machine, '/d');
      rot.setServing(false);
      for (const path of ['/d/3', '/d/4']) fill(machine, path);
      rot.setServing(false);
      expect(struck(rot)).toEqual(new Set(['/d/1']));
      rot.setServing(true);
      expect(struck(rot)).toEqual(new Set(['/d/1', '/d/2', '/d/3']));
    });
    expect(failure).toBeUndefined();
  });
});

/** Puts a file of 100 zeros there. */
function fill(machine: Machine, path: string): void {
  const file = machine.disk.open(path, 'w');
  file.write(new Uint8Array(100), 0, 100, 0);
  file.close();
}

const damage = new WalCorruptError('/data/steme/elsewhere', 0, 'nothing is wrong with it');

function complain(node: StemeNode, error: Error): Promise<never> {
  return node.call('complain', () => Promise.reject(error));
}

async function run(
  faults: Partial<Scenario>,
  body: (node: StemeNode, write: () => Promise<unknown>, context: ArenaContext) => Promise<void>,
): Promise<PlayedRun> {
  return played(faults, async (context) => {
    const node = new StemeNode(context, {
      name: 'node-1',
      config: { directory: '/data/steme' },
      examine: async () => 'serve',
    });
    node.start();
    const [agent] = makeAgents(context.signatures, 1);
    const claim = agent!.sign({
      subject: 'Tesla',
      predicate: 'revenue',
      object: { type: 'number', value: 1 },
      lifecycle: 'proposed',
      confidence: 1,
      timestamp: 0,
    });
    await body(node, () => node.call('write', (db) => db.submit(claim)), context);
    await node.stop();
  });
}

function played(
  faults: Partial<Scenario>,
  body: (context: ArenaContext) => Promise<void>,
): Promise<PlayedRun> {
  const scenario = { ...calm, ...faults };
  const arena = defineArena({
    name: 'arena-test',
    summary: '',
    scenarios: ['test'],
    properties: [{ id: 'held', kind: 'safety', claim: '' }],
    markers: [],
    play: body,
  });
  const catalogue = { arenas: new Map([[arena.name, arena]]), scenarios: new Map([['test', scenario]]) };
  return play(catalogue, { arena: arena.name, scenario: 'test', strategy: 'in-order', seed: '1', run: 0 });
}
