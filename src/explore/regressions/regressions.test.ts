import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../catalogue.ts';
import { playIn } from '../play.ts';
import { checkKeptCase } from './check.ts';
import { keptCaseFiles } from './folder.ts';
import { flipToFixed } from './keep.ts';
import { readKeptCase } from './kept-case.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const play = playIn(await loadCatalogue());
const kept = await Promise.all((await keptCaseFiles()).map(readKeptCase));
const changes = JSON.parse(readFileSync(path.join(root, 'fixtures/unrelated-changes.json'), 'utf8')) as {
  readonly name: string;
}[];

/** Bugs that are mended; the others are waiting for it. */
const mended = kept.filter((one) => one.expect === 'pass');

describe('kept cases', () => {
  it('are there', () => {
    expect(kept.length).toBeGreaterThan(0);
  });

  it.each(kept)('$name: is as it is expected to be', async (one) => {
    const { outcome, agrees, missed } = await checkKeptCase(play, one);
    expect({ outcome, agrees, missed }).toEqual({
      outcome: one.expect === 'pass' ? 'fixed' : 'reproduced',
      agrees: true,
      missed: [],
    });
  });

  it('disagree when they are fixed and nobody has said so', async () => {
    const [one] = mended;
    const { outcome, agrees } = await checkKeptCase(play, { ...one!, expect: 'fail' });
    expect({ outcome, agrees }).toEqual({ outcome: 'fixed', agrees: false });
    await expect(flipToFixed(play, { ...one!, expect: 'fail' })).resolves.toMatchObject({
      expect: 'pass',
    });
  });

  it('are stale, and not fixed, when a fault, an operation or an option cannot be found any more', async () => {
    const one = mended.find(({ faults }) => faults.length > 0)!;
    const at = { ...one.faults[0]!.at, path: '/somewhere/else' };
    const outcomes = await Promise.all([
      checkKeptCase(play, { ...one, faults: [{ ...one.faults[0]!, at }] }),
      checkKeptCase(play, { ...one, knobs: { ...one.knobs, 'wal.segmentBytes': '12345' } }),
      checkKeptCase(play, {
        ...one,
        operations: [...one.operations, { operation: 'agent-1 op-999', choices: [17, 3] }],
      }),
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stale', 'stale', 'stale']);
    expect(outcomes.map(({ agrees }) => agrees)).toEqual([false, false, false]);
  });
});

describe('a change of the code elsewhere', () => {
  const mutants = [...new Set(kept.map(({ found }) => found.mutant ?? ''))];

  it.each(changes.map(({ name }, number) => [name, number] as const))(
    'hides no bug that a kept case is about, or makes the case stale: %s',
    (_, number) => {
      const outcomes = mutants.flatMap((mutant) => {
        const all = check(mutant, String(number));
        return kept
          .filter(({ found }) => (found.mutant ?? '') === mutant)
          .map(({ name }) => `${name}: ${all[name]}`);
      });
      expect(outcomes.length).toBe(kept.length);
      for (const outcome of outcomes) expect(outcome).toMatch(/^[a-z-]+: (reproduced$|stale: )/);
    },
  );

  it('is not taken for a bug: all of them together leave kept cases as they are, or stale', () => {
    const all = changes.map((__, number) => number).join();
    const outcomes = check('', all);
    expect(Object.keys(outcomes)).toHaveLength(kept.length);
    for (const { name, expect: expected } of kept) {
      expect(outcomes[name]).toMatch(expected === 'pass' ? /^fixed$|^stale: / : /^reproduced$|^stale: /);
    }
  });
});

/** Planted bugs and changes need a process of their own. */
function check(mutants: string, numbers: string): Record<string, string> {
  const script = path.join(root, 'dist/src/explore/regressions/check-planted.js');
  const { stdout, stderr } = spawnSync(process.execPath, [script, mutants, numbers], {
    cwd: root,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string>;
}
