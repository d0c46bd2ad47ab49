import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlantedOutcomes } from './check-planted.ts';
import { keptCaseFiles } from './folder.ts';
import { readKeptCase } from './kept-case.ts';
import {
  bugOf,
  checkWith,
  faultsIn,
  letterOf,
  markdownTable,
  root,
  toldOutcome,
  type UnrelatedChange,
  unrelatedChanges,
} from './unrelated-changes.test-support.ts';

const changes = await unrelatedChanges();
const all = await Promise.all((await keptCaseFiles()).map(readKeptCase));

/** Those whose bug is there, or can be planted: the others hold whatever is changed. */
const kept = all.filter((one) => one.expect === 'fail' || bugOf(one) !== null);

/** Changes what all others go by: when a claim is acknowledged. */
const apart = 'wal-group-not-synced';

/** Bugs that leave the cases of each other as they are share a process: to start one takes longer than to play. */
const together = [kept.filter((one) => bugOf(one) !== apart), kept.filter((one) => bugOf(one) === apart)];

const known = new Map<UnrelatedChange, PlantedOutcomes>();

/** What became of each case, with its bug and the change planted. */
async function outcomesOf(change: UnrelatedChange): Promise<PlantedOutcomes> {
  const outcomes = known.get(change) ?? {};
  if (!known.has(change)) {
    for (const cases of together) {
      const bugs = [...new Set(cases.map(bugOf))];
      Object.assign(outcomes, await checkWith([change], cases, bugs));
    }
    known.set(change, outcomes);
  }
  return outcomes;
}

describe('a change of the code elsewhere', () => {
  it('is one of at least ten, and cases of several kinds of faults are held against it', () => {
    expect(changes.length).toBeGreaterThanOrEqual(10);
    expect(new Set(kept.flatMap(({ faults }) => faults.map(({ kind }) => kind))).size).toBeGreaterThan(5);
  });

  it.each(changes)(
    'hides no bug that a kept case is about, or makes the case stale: $name',
    async (change) => {
      const outcomes = await outcomesOf(change);
      for (const { name } of kept) {
        expect(`${name}: ${outcomes[name]?.outcome}`).toMatch(/: (reproduced|stale)$/);
        if (outcomes[name]?.outcome === 'stale') expect(outcomes[name].missed).not.toEqual([]);
      }
    },
  );

  it('is not taken for a bug: all of them together leave kept cases as they are, or stale', async () => {
    const outcomes = await checkWith(changes, all);
    expect(Object.keys(outcomes)).toHaveLength(all.length);
    for (const { name, expect: expected } of all) {
      const asBefore = expected === 'pass' ? 'fixed' : 'reproduced';
      expect([`${name}: ${asBefore}`, `${name}: stale`]).toContain(`${name}: ${outcomes[name]?.outcome}`);
    }
  });

  it('is in the table of docs/regressions.md, with what came of it', async () => {
    const legend = kept.map((one, index) => [
      letterOf(index),
      `\`${one.name}\``,
      faultsIn(one),
      `\`${bugOf(one) ?? 'not planted'}\``,
    ]);
    const rows: string[][] = [];
    for (const change of changes) {
      const outcomes = await outcomesOf(change);
      rows.push([change.name, ...kept.map(({ name }) => toldOutcome(outcomes[name]!))]);
    }
    const docs = readFileSync(path.join(root, 'docs/regressions.md'), 'utf8');
    expect(docs).toContain(markdownTable([['', 'kept case', 'faults', 'bug'], ...legend]));
    expect(docs).toContain(markdownTable([['change', ...legend.map(([letter]) => letter!)], ...rows]));
  });
});
