import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../../bin/stemedb-sim');

/** What a shell is told when Tab is pressed after these words. */
function tab(...words: readonly string[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [program, '--get-yargs-completions', 'stemedb-sim', ...words],
    { encoding: 'utf8' },
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  // The script of the shell does the same.
  return stdout.split('\n').filter((line) => line !== '' && line.startsWith(words.at(-1) ?? ''));
}

describe('completion', () => {
  it('knows commands and flags', () => {
    expect(tab('re')).toEqual(['replay', 'report', 'regress']);
    expect(tab('run', '--s')).toEqual(['--seed', '--scenario', '--strategy', '--shard']);
  });

  it('knows the names of arenas, scenarios, planted bugs and kept cases', () => {
    expect(tab('run', 'arena-3')).toEqual(['arena-3-chaos']);
    expect(tab('run', '--scenario', 'disk')).toEqual(['disk-full']);
    expect(tab('run', '--mutant', 'canar')).toEqual(['canary']);
    expect(tab('regress', 'log-changed')).toEqual(['log-changed-under-recovery']);
  });

  it('has a script for the shell', () => {
    const { stdout, status } = spawnSync(process.execPath, [program, 'completion'], { encoding: 'utf8' });
    expect(stdout).toContain('stemedb-sim --get-yargs-completions');
    expect(status).toBe(0);
  });
});
