import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Edit, readMutant } from '../mutants/mutant.ts';
import { compile } from '../mutants/plant.ts';
import type { Planted, PlantedOutcomes } from './check-planted.ts';
import type { KeptCase } from './kept-case.ts';

export const root = path.resolve(import.meta.dirname, '../../..');

/** A change of the sources that has nothing to do with any bug: `fixtures/unrelated-changes.json`. */
export interface UnrelatedChange {
  readonly name: string;
  readonly edits: readonly Edit[];
}

export async function unrelatedChanges(): Promise<readonly UnrelatedChange[]> {
  const text = await readFile(path.join(root, 'fixtures/unrelated-changes.json'), 'utf8');
  return JSON.parse(text) as UnrelatedChange[];
}

/** Bugs that were the engine's own when a case was kept, and have been planted since they are mended. */
const plantedSince: Readonly<Record<string, string>> = {
  'directory-sync-failed-then-succeeds': 'wal-empty-directory-trusted',
  'key-made-while-the-database-closes': 'access-tells-which-part-is-closed',
};

/** What has to be planted for the case to fail; `null` for nothing. */
export function bugOf({ name, found }: KeptCase): string | null {
  return found.mutant ?? plantedSince[name] ?? null;
}

/** Checks `cases` with the changes made and the bugs `mutants` planted. */
export async function checkWith(
  changes: readonly UnrelatedChange[],
  cases: readonly KeptCase[],
  mutants: readonly (string | null)[] = [],
): Promise<PlantedOutcomes> {
  const names = mutants.filter((name) => name !== null);
  const bugs = await Promise.all(names.map(readMutant));
  const edits = [...bugs, ...changes].flatMap((one) => one.edits);
  const name = [...names, ...changes.map((change) => change.name)].join(', ');
  const files = Object.fromEntries(await compile({ name, edits }));
  const input = JSON.stringify({ files, cases: cases.map((one) => one.name) } satisfies Planted);
  const script = path.join(root, 'dist/src/explore/regressions/check-planted.js');
  const { stdout, stderr } = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8', input });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as PlantedOutcomes;
}

/** `reproduced`; `nearby`, when a fault had to be moved for it or a file be found by another name; `stale`, or worse. */
export function toldOutcome({ outcome, moved }: PlantedOutcomes[string]): string {
  return outcome === 'reproduced' && moved !== undefined ? 'nearby' : outcome;
}

/** A table of Markdown as prettier would have it. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(' | ')} |`;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...body.map((row) => line(row)),
  ].join('\n');
}

/** Columns of the tables: `A`, `B`, ... */
export function letterOf(index: number): string {
  return String.fromCodePoint('A'.codePointAt(0)! + index);
}

/** What goes wrong in it, each kind once. */
export function faultsIn({ faults }: KeptCase): string {
  return [...new Set(faults.map(({ kind }) => kind))].join(', ');
}
