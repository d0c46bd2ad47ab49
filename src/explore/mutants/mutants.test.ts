import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../run-record.ts';
import { filesOf, type Mutant, mutantNames, mutate, readMutant, StaleMutantError } from './mutant.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const names = await mutantNames();
const reports = mkdtempSync(path.join(tmpdir(), 'stemedb-mutants-'));
const seed = '1';

/** Where bugs are looked for, and within how many seeds each must be found. */
const controls: readonly (readonly [arena: string, scenario: string, runs: number])[] = [
  ['arena-0-spine', 'torn-writes', 200],
  ['arena-1-cortex', 'calm', 40],
  ['arena-1-cortex', 'clock-skew', 20],
  ['arena-1-cortex', 'read-errors', 20],
  ['arena-2-voting', 'calm', 40],
  ['arena-2-voting', 'network', 20],
  ['arena-2-voting', 'torn-writes', 40],
];

afterAll(() => rmSync(reports, { recursive: true }));

describe('planted bugs', () => {
  it('are there', () => {
    expect(names.length).toBeGreaterThan(0);
  });

  for (const name of names) {
    it(`${name}: is found by the property that should find it`, async () => {
      const mutant = await readMutant(name);
      const [arena, scenario] = [mutant.arenas[0], mutant.scenarios[0]];
      const control = controls.find((pair) => pair[0] === arena && pair[1] === scenario);
      expect(control, 'a clean control').toBeDefined();
      // One bug may break several promises: the one that it is about is among the first that are seen broken.
      const records = play(control?.[2] ?? 0, '--mutant', name, '--bail', '5');
      const broken = records.filter(({ verdict }) => verdict === 'violated').map(({ property }) => property);
      expect(broken).toContain(mutant.property);
    });
  }

  it.each(controls)('leave the clean engine alone: %s holds in %s on the same %d seeds', (...control) => {
    const [arena, scenario, runs] = control;
    const records = play(runs, arena, '--scenario', scenario);
    expect(records).toHaveLength(runs);
    expect(records.filter((record) => record.verdict !== 'held')).toEqual([]);
  });
});

describe('a single run with images at every sync', () => {
  it('finds what a run with torn writes misses: five in thirty of those find it', () => {
    const verdictOf = (scenario: string): string | undefined =>
      play(1, '--mutant', 'wal-header-not-synced', '--scenario', scenario)[0]?.verdict;
    expect(verdictOf('torn-writes')).toBe('held');
    expect(verdictOf('crash-images')).toBe('violated');
  });

  it('checks hundreds of crashes, and leaves the clean engine alone', () => {
    const [record] = play(1, 'arena-0-spine', '--scenario', 'crash-images');
    expect(record?.verdict).toBe('held');
    expect(record?.faults['crash-image']).toBeGreaterThan(200);
  });
});

describe('mutate', () => {
  const mutant: Mutant = {
    name: 'm',
    edits: [{ file: 'src/a.ts', find: 'await sync();', replace: '' }],
    story: '',
    property: '',
    arenas: [],
    scenarios: [],
  };

  it('edits the one place', () => {
    expect(mutate(mutant, 'src/a.ts', 'a();\nawait sync();\nb();')).toBe('a();\n\nb();');
  });

  it('refuses as stale a text that is gone, or stands there twice', () => {
    expect(() => mutate(mutant, 'src/a.ts', 'a();')).toThrow(StaleMutantError);
    expect(() => mutate(mutant, 'src/a.ts', 'await sync(); await sync();')).toThrow(/stands 2 times/);
  });

  it('fits the sources as they are now, for every mutant', async () => {
    for (const name of names) {
      const kept = await readMutant(name);
      for (const file of filesOf(kept)) {
        expect(() => mutate(kept, file, readFileSync(path.join(root, file), 'utf8'))).not.toThrow();
      }
    }
  });
});

/** Runs the command as a user would: each planted bug needs a process of its own. */
function play(runs: number, ...args: readonly string[]): RunRecord[] {
  const command = ['bin/stemedb-sim', 'run', '--seed', seed, '--runs', String(runs), '--reporter', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, [...command, '--output', reports, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (lines.length === 0) throw new Error(stderr);
  return lines.map((line) => JSON.parse(line) as RunRecord).filter((record) => record.type === 'run');
}
