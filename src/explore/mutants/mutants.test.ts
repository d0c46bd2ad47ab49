import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../run-record.ts';
import { loadCatalogue } from '../catalogue.ts';
import { filesOf, type Mutant, mutantNames, mutate, readMutant, StaleMutantError } from './mutant.ts';
import { compile } from './plant.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const names = await mutantNames();
const catalogue = await loadCatalogue();
const reports = mkdtempSync(path.join(tmpdir(), 'stemedb-mutants-'));
const seed = '1';

/**
 * A few bugs that are found again in each build, at least one in every place where bugs are looked for, and within
 * how many seeds. `stemedb-sim mutants` looks for all of them, and takes its time.
 */
const handful: readonly (readonly [mutant: string, arena: string, scenario: string, runs: number])[] = [
  ['wal-group-not-synced', 'arena-0-spine', 'torn-writes', 20],
  ['kv-run-handles-kept', 'arena-0-spine', 'torn-writes', 20],
  ['wal-length-unbounded', 'arena-0-spine', 'torn-writes', 20],
  ['wal-stale-record-accepted', 'arena-0-spine', 'torn-writes', 6],
  ['query-as-of-counts-later-votes', 'arena-1-cortex', 'calm', 10],
  ['audit-future-view-taken-for-fresh', 'arena-1-cortex', 'clock-skew', 20],
  ['audit-eio-taken-for-end-of-log', 'arena-1-cortex', 'read-errors', 20],
  ['collision-merged-by-ingest', 'arena-1-cortex', 'hash-collisions', 20],
  ['audit-vote-counter-read-modify-write', 'arena-2-voting', 'calm', 10],
  ['vote-counted-twice', 'arena-2-voting', 'network', 10],
];

afterAll(() => rmSync(reports, { recursive: true }));

describe('planted bugs', () => {
  it('are many, each with a name of its own place', () => {
    expect(names.length).toBeGreaterThanOrEqual(60);
  });

  it('canary: a simulator that does not find this finds nothing', () => {
    const [record] = play(1, '--mutant', 'canary');
    expect(record).toMatchObject({ verdict: 'violated', property: 'indexes-complete' });
  });

  it.each(handful)('%s is found in %s, %s, within %d seeds', async (name, arena, scenario, runs) => {
    const mutant = await readMutant(name);
    // One bug may break several promises: the one that it is about is among the first that are seen broken.
    const places = [arena, '--scenario', scenario];
    const records = play(runs, ...places, '--mutant', name, '--bail', '5');
    const failures = records.filter(({ verdict }) => verdict === 'violated');
    expect(failures.map(({ property }) => property)).toContain(mutant.property);
    const clean = play(records.length, ...places);
    expect(clean.filter(({ verdict }) => verdict !== 'held')).toEqual([]);
    expect(clean.map((record) => record.seed)).toEqual(records.map((record) => record.seed));
  });

  it('are named in docs/mutants.md as they are called', () => {
    const text = readFileSync(path.join(root, 'docs/mutants.md'), 'utf8');
    const named = [...text.matchAll(/`((?:wal|kv|api|ingest|votes?|audit)-[a-z-]+)`/g)].map(
      (match) => match[1],
    );
    expect(named.length).toBeGreaterThan(40);
    expect(names).toEqual(expect.arrayContaining(named));
  });

  it.each(names)('%s fits the sources as they are, and makes a program', async (name) => {
    const mutant = await readMutant(name);
    const compiled = await compile(mutant);
    expect([...compiled.keys()]).toEqual(filesOf(mutant));
  });

  it.each(names)('%s names arenas, scenarios and a property that there are', async (name) => {
    const { arenas, scenarios, property } = await readMutant(name);
    for (const arena of arenas) {
      const known = catalogue.arenas.get(arena);
      const playable = [...(known?.scenarios ?? []), ...(known?.onRequest ?? [])];
      expect(playable).toEqual(expect.arrayContaining([...scenarios]));
      expect([...(known?.properties ?? []).map(({ id }) => id), ...ofEveryArena]).toContain(property);
    }
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

/** What a run is judged by, whatever its arena says. */
const ofEveryArena = ['always-makes-progress', 'no-unexpected-error', 'no-unhandled-rejection'];

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
    expect(mutate(mutant, 'src/a.ts', 'a();\nawait sync();\nb();')).toEqual({
      text: 'a();\n\nb();',
      positions: [5],
    });
  });

  it('refuses as stale a text that is gone, or stands there twice', () => {
    expect(() => mutate(mutant, 'src/a.ts', 'a();')).toThrow(StaleMutantError);
    expect(() => mutate(mutant, 'src/a.ts', 'await sync(); await sync();')).toThrow(/stands 2 times/);
  });
});

/** Runs the command as a user would: each planted bug needs a process of its own. */
function play(runs: number, ...args: readonly string[]): RunRecord[] {
  const command = [
    'bin/stemedb-sim',
    'run',
    '--seed',
    seed,
    '--runs',
    String(runs),
    '--reporter',
    'json',
    '--no-minimize',
  ];
  const { stdout, stderr } = spawnSync(process.execPath, [...command, '--output', reports, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (lines.length === 0) throw new Error(stderr);
  return lines.map((line) => JSON.parse(line) as RunRecord).filter((record) => record.type === 'run');
}
