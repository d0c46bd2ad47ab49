import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killWhileSubmitting } from './kill/kill-while-submitting.ts';

it('loses nothing that was acknowledged when it is killed five times', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stemedb-kill-'));
  const { phases, acknowledged, complaints } = await killWhileSubmitting({
    root: new URL('../', import.meta.url),
    directory,
    kills: 5,
    seed: '1',
    verifyEvery: 5,
  });
  expect(complaints).toEqual([]);
  expect(acknowledged).toBeGreaterThan(5);
  expect(Object.values(phases).reduce((sum, count) => sum + count, 0)).toBe(5);
  await rm(directory, { recursive: true });
});
