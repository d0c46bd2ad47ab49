import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { MutantResult } from './mutant-result.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'stemedb-matrix-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command as a user would. */
function matrix(...args: readonly string[]): {
  readonly status: number | null;
  readonly results: MutantResult[];
} {
  const command = ['bin/stemedb-sim', 'mutants', '--reporter', 'json', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { status, results: lines.map((line) => JSON.parse(line) as MutantResult) };
}

describe('the matrix of planted bugs', () => {
  it('tells for each bug and strategy whether it was reached, triggered and found, beside clean runs', () => {
    const page = path.join(folder, 'matrix.html');
    const strategies = ['--strategy', 'random', '--strategy', 'in-order'];
    const { status, results } = matrix(
      'can?ry',
      '--seeds',
      '3',
      '--enough',
      '2',
      ...strategies,
      '--output',
      page,
    );
    expect(status).toBe(0);
    expect(results.map(({ mutant, strategy }) => [mutant, strategy])).toEqual([
      ['canary', 'random'],
      ['canary', 'in-order'],
    ]);
    for (const result of results) {
      expect(result).toMatchObject({
        runs: 2,
        reached: 2,
        triggered: 2,
        detected: 2,
        stratum: 'easy',
        medianSeeds: 1,
        caughtBy: { 'indexes-complete': 2 },
        control: { runs: 2, failed: 0 },
        died: null,
      });
    }
    expect(readFileSync(page, 'utf8')).toContain('<th scope="row"');
  });

  it('ends with 1 when a bug was not found', () => {
    // No single run is likely to have the crash that it takes.
    const { status, results } = matrix('wal-carried-segment-removed-too-early', '--seeds', '1');
    expect(status).toBe(1);
    expect(results[0]).toMatchObject({ detected: 0, stratum: 'not found', medianSeeds: null, seed: null });
  });

  it('ends with 0 when a bug was not found that takes thousands of runs', () => {
    const { status, results } = matrix('ingest-chunk-nobody-judges', '--seeds', '1');
    expect(status).toBe(0);
    expect(results[0]).toMatchObject({ detected: 0, hard: true, stratum: 'not found' });
  });
});
