import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const text = readFileSync(path.join(root, 'docs/tutorial.md'), 'utf8');

/** What a reader types, in order. */
const commands = [...text.matchAll(/^\$ (.+)$/gm)].map(([, command = '']) => command);

const plain = (line: string): string => line.trim().replaceAll(/\s+/g, ' ');

/** What is shown of the failure: all but what depends on the machine, and what is left out. */
const shown = (/```\n( FAIL[\s\S]+?)```/.exec(text)?.[1] ?? '')
  .split('\n')
  .map(plain)
  .filter((line) => line !== '' && line !== '...' && !line.startsWith('Minimized'));

describe('docs/tutorial.md', () => {
  let home: string;
  const say = (command: string): { readonly said: string; readonly status: number | null } => {
    const [program = '', ...args] = command.split(' ');
    const { stdout, status } = spawnSync(process.execPath, [program, ...args], {
      cwd: home,
      encoding: 'utf8',
      env: { ...process.env, CI: '', NO_COLOR: '1', STEMEDB_SIM_PROJECT: home },
    });
    return { said: stdout, status };
  };

  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-tutorial-'));
    writeFileSync(path.join(home, 'package.json'), '{ "name": "reader", "type": "module" }');
    symlinkSync(path.join(root, 'bin'), path.join(home, 'bin'));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it('finds, replays, keeps and mends the bug by just what it says', () => {
    expect(commands).toHaveLength(6);
    const [run, replay, keep, reproduce, mended, fixed] = commands as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const found = say(run);
    expect(found.status).toBe(1);
    const lines = found.said.split('\n').map(plain);
    for (const line of shown) expect(lines).toContain(line);

    const replayed = say(replay);
    expect(replayed.said).toContain('Reproduced: the same digest, step for step.');
    expect(say(keep)).toMatchObject({ status: 0 });
    expect(say(reproduce)).toMatchObject({ status: 0, said: expect.stringContaining('reproduced') });
    expect(say(mended)).toMatchObject({
      status: 1,
      said: expect.stringContaining('fixed, expected to fail'),
    });
    expect(say(fixed)).toMatchObject({ status: 0 });
    expect(say(mended)).toMatchObject({ status: 0, said: expect.stringContaining('expected to pass') });
  });
});
