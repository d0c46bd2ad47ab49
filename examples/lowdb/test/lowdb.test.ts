import { simulate } from 'stemedb-sim';
import { simTest } from 'stemedb-sim/vitest';
import { expect, it } from 'vitest';
import lowdb from '../arenas/lowdb.ts';
import synced from '../arenas/lowdb-synced.ts';

it('is left with an empty file by a power loss on xfs, and on ext4 too', async () => {
  for (const scenario of ['power-loss-on-xfs', 'power-loss-on-ext4']) {
    const { failures } = await simulate(lowdb, {
      runs: 1000,
      seed: 1,
      scenarios: [scenario],
      bail: 1,
      minimize: false,
    });
    expect(failures.map(({ signature }) => signature)).toEqual(['writes-are-atomic/refused/-']);
    expect(failures[0]?.file.failure?.actual).toBe('Unexpected end of JSON input');
  }
});

simTest('survives a process that is killed', lowdb, { runs: 200, scenarios: ['killed'] });

simTest('survives everything with an adapter that syncs', synced, { runs: 300 });
