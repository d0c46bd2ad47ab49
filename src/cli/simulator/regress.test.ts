import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../explore/exit-code.ts';
import type { KeptCase } from '../../explore/index.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const name = 'group-acknowledged-before-sync';
const planted = 'wal-group-not-synced';

describe('regress', () => {
  let home: string;
  let file: string;
  let original: string;

  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-regress-'));
    writeFileSync(path.join(home, 'package.json'), '{ "name": "somebody", "type": "module" }');
    const folder = path.join(home, 'fixtures/regressions');
    mkdirSync(folder, { recursive: true });
    file = path.join(folder, `${name}.json`);
    cpSync(path.join(root, `fixtures/regressions/${name}.json`), file);
    original = readFileSync(file, 'utf8');
  });
  afterAll(() => rmSync(home, { recursive: true }));

  function regress(environment: Record<string, string>, ...args: readonly string[]) {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [path.join(root, 'bin/stemedb-sim'), 'regress', ...args],
      {
        cwd: home,
        encoding: 'utf8',
        env: { ...process.env, CI: '', NO_COLOR: '1', STEMEDB_SIM_PROJECT: home, ...environment },
      },
    );
    return { said: stdout + stderr, status };
  }

  /** The kept case, changed; as it was again afterwards. */
  function changed(change: (kept: KeptCase) => object, ...args: readonly string[]) {
    writeFileSync(file, JSON.stringify(change(JSON.parse(original) as KeptCase)));
    try {
      return regress({}, ...args);
    } finally {
      writeFileSync(file, original);
    }
  }

  it('is content with a mended bug that stays away, and not with one that is back', () => {
    expect(regress({})).toMatchObject({ status: exitCodes.held, said: expect.stringContaining('fixed') });
    expect(regress({}, '--mutant', planted)).toMatchObject({
      status: exitCodes.counterexample,
      said: expect.stringContaining('reproduced, expected to pass'),
    });
  });

  it('is content with a failure that is still there, and not with one that is gone and was never called fixed', () => {
    const expected = (kept: KeptCase): object => ({ ...kept, expect: 'fail' });
    expect(changed(expected, '--mutant', planted).status).toBe(exitCodes.held);
    expect(changed(expected)).toMatchObject({
      status: exitCodes.counterexample,
      said: expect.stringContaining('fixed, expected to fail'),
    });
  });

  it('calls a case stale when its moment never comes, and never fixed', () => {
    const moved = (kept: KeptCase): object => ({
      ...kept,
      faults: kept.faults.map((fault) => ({ ...fault, at: { ...fault.at, path: '/data/nowhere/#.seg' } })),
    });
    expect(changed(moved)).toMatchObject({
      status: exitCodes.staleFixture,
      said: expect.stringContaining('stale'),
    });
  });

  it('calls another failure than the kept one by its name', () => {
    const other = (kept: KeptCase): object => ({ ...kept, signature: 'cursor-monotone/regressed/-' });
    expect(changed(other, '--mutant', planted)).toMatchObject({
      status: exitCodes.counterexample,
      said: expect.stringContaining('other-failure'),
    });
  });

  it('changes no kept case in CI', () => {
    expect(regress({ CI: 'true' }, '--update')).toMatchObject({
      status: exitCodes.usage,
      said: expect.stringContaining('refused in CI'),
    });
    expect(readFileSync(file, 'utf8')).toBe(original);
  });
});
