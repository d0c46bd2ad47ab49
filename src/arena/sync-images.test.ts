import { describe, expect, it } from 'vitest';
import { play, type PlayedRun } from '../explore/index.ts';
import { Violation } from '../check/index.ts';
import type { Disk } from '../sim/index.ts';
import { type ArenaContext, defineArena, Laboratory, type Scenario } from './index.ts';

const file = '/f';

describe('images at syncs', () => {
  it('are of right before and right after each sync, with what had been promised by the first and last moment', async () => {
    const { record, failure } = await run(100, async (context) => {
      const machine = context.machine('node-1');
      let promised = 'nothing';
      const images = context.chaos.photographSyncs(machine, () => promised);
      const process = machine.boot();
      await process.call('write', async () => {
        const { fs } = process.ports;
        const handle = await fs.open(file, 'w');
        await handle.write(new Uint8Array([1]), 0, 1, 0);
        const directory = await fs.open('/', 'r');
        await directory.sync();
        promised = 'the name';
        await handle.sync();
        promised = 'the byte';
        await handle.sync();
        context.chaos.stop();
        promised = 'more';
        await handle.sync();
      });
      const promises = new Map(images.all().map((image) => [contentOf(image.disk), image.promised]));
      // Everything may go before the directory is synced, the name stays after that, and then the byte.
      expect(promises.get('no file')).toEqual(['nothing']);
      expect(promises.get('empty')?.[0]).toBe('nothing');
      expect(promises.get('empty')?.at(-1)).toBe('the name');
      expect(promises.get('1')?.at(-1)).toBe('the byte');
      expect(new Set(images.all().map(({ disk }) => disk.digest())).size).toBe(images.all().length);
      expect(contentOf(machine.disk)).toBe('1');
    });
    expect(failure).toBeUndefined();
    const { 'crash-image': taken = 0, 'crash-image-duplicate': duplicates = 0 } = record.faults;
    expect(taken).toBeGreaterThanOrEqual(3);
    expect(taken + duplicates).toBe(12);
  });

  it('are never more than the scenario says, and none without it', async () => {
    const taken = async (imagesAtSyncsMax: number | undefined): Promise<number | undefined> => {
      const { record, failure } = await run(imagesAtSyncsMax, async (context) => {
        const machine = context.machine('node-1');
        context.chaos.photographSyncs(machine, () => undefined);
        const process = machine.boot();
        await process.call('write', async () => {
          const handle = await process.ports.fs.open(file, 'w');
          for (let nth = 0; nth < 20; nth += 1) {
            await handle.write(new Uint8Array([nth]), 0, 1, nth);
            await handle.sync();
          }
        });
      });
      expect(failure).toBeUndefined();
      return record.faults['crash-image'];
    };
    expect(await taken(5)).toBe(5);
    expect(await taken(undefined)).toBeUndefined();
  });

  it('are recovered one by one, and the history names the moment of the one that breaks a promise', async () => {
    const config = { directory: '/data' };
    const { failure, history } = await run(100, async (context) => {
      const machine = context.machine('node-1');
      let opened = 0;
      const images = context.chaos.photographSyncs(machine, () => opened++);
      const laboratory = new Laboratory(context, config);
      images.take(machine, 1500, () => undefined);
      await laboratory.judgeAll(images.all(), ({ claims }, promised) => {
        expect(claims.size).toBe(0);
        expect(promised).toBe(0);
        throw new Violation({ property: 'held', category: 'lost-ack', message: 'Gone.' });
      });
    });
    expect(failure?.message).toBe('Gone.');
    expect(history.map(({ text }) => text)).toContain('recovers what a power loss would have left at 1.5 ms');
  });
});

function contentOf(disk: Disk): string {
  if (!disk.has(file)) return 'no file';
  const bytes = new Uint8Array(8);
  const count = disk.open(file, 'r').read(bytes, 0, bytes.length, 0);
  return count === 0 ? 'empty' : bytes.subarray(0, count).join(' ');
}

function run(
  imagesAtSyncsMax: number | undefined,
  body: (context: ArenaContext) => Promise<void>,
): Promise<PlayedRun> {
  const scenario: Scenario = {
    name: 'test',
    summary: 'Images at syncs, and nothing else.',
    profiles: ['strict'],
    latency: { slow: 1, outOf: 4, microsMax: 2000 },
    crashes: {
      powerLossesMax: 0,
      killsMax: 0,
      distanceStepsMax: 64,
      distanceWritesMax: 64,
      imagesMax: 0,
      imagesAtSyncsMax,
    },
  };
  const arena = defineArena({
    name: 'arena-test',
    summary: 'for this test',
    scenarios: ['test'],
    properties: [{ id: 'held', kind: 'safety', claim: 'what the test expects' }],
    markers: [],
    play: body,
  });
  const catalogue = { arenas: new Map([[arena.name, arena]]), scenarios: new Map([['test', scenario]]) };
  return play(catalogue, { arena: arena.name, scenario: 'test', strategy: 'random', seed: '1', run: 0 });
}
