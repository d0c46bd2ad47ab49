import type { MutantResult } from '../explore/index.ts';
import type { Style } from './style.ts';

const columns = [
  'runs',
  'reached',
  'triggered',
  'found',
  'P(found)',
  '95 %',
  'seeds',
  'seconds',
  'steps',
  'small',
];
const widths = [6, 8, 10, 6, 9, 16, 6, 9, 6, 6];

/** The head of the matrix. */
export function mutantsHead(style: Style): string {
  const head = columns.map((name, index) => name.padStart(widths[index]!)).join('');
  return style('dim', `   ${'planted bug'.padEnd(nameWidth)}${head}`);
}

const nameWidth = 42;

/** One bug, in a line; more where there is something to see. */
export function mutantLines(result: MutantResult, style: Style): string {
  const { probability, detected, medianSeeds, medianSeconds, medianSteps, minimized } = result;
  const cells = [
    result.runs,
    result.reached,
    result.triggered,
    detected,
    percent(probability.value),
    `${percent(probability.low)}–${percent(probability.high)}`,
    medianSeeds ?? '–',
    medianSeconds?.toFixed(1) ?? '–',
    medianSteps ?? '–',
    minimized === null ? '–' : minimized.operations + minimized.faults,
  ].map((cell, index) => String(cell).padStart(widths[index]!));
  const isFound = detected > 0;
  const mark = isFound ? style('green', '✓') : style('red', '✗');
  const strategy = result.strategy === 'portfolio' ? '' : ` (${result.strategy})`;
  const name = `${result.mutant}${strategy}`.padEnd(nameWidth);
  const lines = [` ${mark} ${name}${cells.join('')}   ${result.stratum}`];
  const others = Object.entries(result.caughtBy).map(([property, runs]) => `${property} ${runs}`);
  if (isFound && result.caughtBy[result.property] === undefined) {
    lines.push(style('yellow', `     not by ${result.property}, but by ${others.join(', ')}`));
  }
  if (!isFound) lines.push(style('dim', `     ${whyNot(result)}`));
  if (result.died !== null) lines.push(style('red', `     ${result.died}`));
  if (result.control.failed > 0) {
    lines.push(
      style('red', `     ${result.control.failed} of ${result.control.runs} clean runs failed, too`),
    );
  }
  return lines.join('\n');
}

/** What all of it comes to. */
export function mutantsSummary(results: readonly MutantResult[], style: Style): string {
  const count = (stratum: MutantResult['stratum']): number =>
    results.filter((result) => result.stratum === stratum).length;
  const missed = count('not found');
  const known = results.filter(
    ({ blind, detected, hard }) => (blind !== null || hard) && detected === 0,
  ).length;
  const controls = results.reduce((sum, { control }) => sum + control.failed, 0);
  const found = `${results.length - missed} of ${results.length} found`;
  return [
    ` ${missed === known ? style('green', found) : style('red', found)}: ${count('easy')} easy, ` +
      `${count('medium')} medium, ${count('hard')} hard` +
      (known === 0 ? '' : `; of ${known} it is known why not`),
    controls === 0
      ? ' every run without the bug held'
      : style('red', ` runs without a bug failed ${controls} times`),
  ].join('\n');
}

/** Which of the steps from a bug to its discovery is missing. */
export function whyNot({ blind, hard, runs, reached, triggered }: MutantResult): string {
  if (blind !== null) return `known: ${blind}`;
  if (hard) return `a hard one: ${triggered} runs were changed by it, and thousands may be needed`;
  if (runs === 0) return 'no run came to its end';
  if (reached === 0) return 'never reached: no workload or scenario comes there';
  if (triggered === 0) return 'reached, and nothing happened otherwise than without it';
  return `it changed ${triggered} runs, and no property was broken`;
}

export function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 || value === 0 ? value.toFixed(0) : value.toPrecision(2)}%`;
}
