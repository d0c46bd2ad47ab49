import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../catalogue.ts';
import { playIn } from '../play.ts';
import { checkKeptCase, updatedCase } from './check.ts';
import { keptCaseFiles } from './folder.ts';
import { flipToFixed } from './keep.ts';
import { type KeptCase, readKeptCase } from './kept-case.ts';

const play = playIn(await loadCatalogue());
const kept = await Promise.all((await keptCaseFiles()).map(readKeptCase));

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

  it('of the first format play as ever: what has no anchor there comes by the number of a draw', async () => {
    const one = kept.find(({ name }) => name === 'directory-sync-failed-then-succeeds')!;
    const { outOf } = one.scenario.disk!.directorySyncError!;
    const fault = { ...one.choices.fault, 'node-1:sync:directorySyncError': [outOf, outOf - 1] };
    const first: KeptCase = { ...one, format: 1, faults: [], choices: { ...one.choices, fault } };
    const [now, then] = [await checkKeptCase(play, one), await checkKeptCase(play, first)];
    expect(then.outcome).toBe(now.outcome);
    expect(then.missed).toEqual([]);
    expect(then.played.record.digest).toBe(now.played.record.digest);
    expect(then.played.record.faults['directory-sync-error']).toBe(1);
  });

  it('get the digest of today, and nothing else, where the bug is gone', async () => {
    const [one] = mended;
    const check = await checkKeptCase(play, one!);
    await expect(updatedCase(play, one!, check)).resolves.toBeUndefined();
    await expect(updatedCase(play, { ...one!, digest: '0' }, check)).resolves.toEqual(one);
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
