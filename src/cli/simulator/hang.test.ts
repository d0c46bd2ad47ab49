import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../explore/exit-code.ts';
import { plantHang, type PlantedHang } from '../../explore/watchdog/planted-hang.test-support.ts';

const root = path.resolve(import.meta.dirname, '../../..');
let planted: PlantedHang;

beforeAll(() => {
  planted = plantHang();
});
afterAll(() => rmSync(planted.folder, { recursive: true }));

function command(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [path.join(root, 'bin/stemedb-sim'), ...args],
    {
      cwd: planted.folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', STEMEDB_SIM_HANG_SECONDS: '0.5' },
    },
  );
  return { said: stdout + stderr, status };
}

describe('a run that hangs', () => {
  it('is found by a campaign, replayed, kept and found again, and none of these hangs with it', () => {
    const run = command('run', 'turns', '--scenario', 'calm', '--seed', '1', '--runs', '8', '--bail');
    expect(run).toMatchObject({ status: exitCodes.simulatorBug, said: expect.stringContaining('SIM_HANG') });
    const file = readdirSync(path.join(planted.folder, 'reports')).find((name) => name.endsWith('.json'));

    const replay = command('replay', `reports/${file}`);
    expect(replay.status).toBe(exitCodes.simulatorBug);
    expect(replay.said).toMatch(
      /No step was made for 0\.5 s of processor time after step \d+, of task main\/root\/user\./,
    );
    expect(replay.said).toContain(' Reproduced: it hangs.');

    expect(command('minimize', `reports/${file}`)).toMatchObject({
      status: exitCodes.usage,
      said: expect.stringContaining('it hangs'),
    });
    expect(command('keep', `reports/${file}`, '--name', 'round-for-ever').status).toBe(exitCodes.held);
    expect(command('regress')).toMatchObject({
      status: exitCodes.held,
      said: expect.stringContaining('round-for-ever   reproduced, expected to fail'),
    });
  });
});
