import type { Tally } from './campaign.ts';
import type { CaseResult, FuzzCase } from './fuzz-case.ts';

const mebibyte = 2 ** 20;

/** What memory may grow by after the warm-up: far less than one hostile length could ask for. */
const grownMost = { retainedBytes: 32 * mebibyte, peakBytes: 256 * mebibyte };

/** What a campaign has shown: outcomes by target and damage, then in all, then whatever went wrong. */
export function renderTally(tally: Tally, seed: string): string {
  const { rows, violations, violated, cases, memoryGrown } = tally;
  const width = Math.max(...[...rows.keys()].map((row) => row.length));
  const lines = [...rows]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([row, outcomes]) => `${row.padEnd(width)}  ${counted(outcomes)}`);
  const all = new Map<string, number>();
  for (const outcomes of rows.values()) {
    for (const [outcome, count] of outcomes) all.set(outcome, (all.get(outcome) ?? 0) + count);
  }
  return [
    ...lines,
    '',
    `${'all'.padEnd(width)}  ${counted(all)}`,
    `at most ${grouped(tally.callsMost)} calls an opening; after the warm-up memory has grown by ` +
      `${mebibytes(memoryGrown.retainedBytes)}, at its peak by ${mebibytes(memoryGrown.peakBytes)}`,
    ...violated.map(({ fuzzCase, result }) => `\n${renderCase(fuzzCase, result, seed)}`),
    `${grouped(cases)} cases, ${violations === 0 ? 'no violation' : `${grouped(violations)} VIOLATIONS`}`,
  ].join('\n');
}

/** Whether nothing went wrong. */
export function isClean({ violations, memoryGrown }: Tally): boolean {
  return (
    violations === 0 &&
    memoryGrown.retainedBytes <= grownMost.retainedBytes &&
    memoryGrown.peakBytes <= grownMost.peakBytes
  );
}

/** One case in full, with the command that plays it alone. */
export function renderCase({ number, base, damages }: FuzzCase, result: CaseResult, seed: string): string {
  return [
    `case ${number}: database "${base.name}"`,
    ...damages.map(({ damage, path, what }) => `  ${damage}  ${path}  ${what}`),
    `  ${result.violation === undefined ? 'outcome' : 'VIOLATION'}: ${result.violation?.message ?? result.outcome}`,
    `  node dist/scripts/fuzz-files.js --seed ${seed} --only ${number}`,
  ].join('\n');
}

function counted(counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const parts = [...counts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([outcome, count]) => `${outcome} ${grouped(count)}`);
  return `${grouped(total).padStart(7)}   ${parts.join(' · ')}`;
}

/** `12,345` */
function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / mebibyte)} MiB`;
}
