import type { StrategyCell } from '../../campaign-coverage.ts';
import { grouped } from '../../style.ts';
import { section } from '../sections.ts';
import { table, type TableCell, type TableRow } from './table.ts';

interface Sum {
  runs: number;
  failures: number;
}

/** Scenarios down, strategies across: runs, and how many of them failed. */
export function scenariosSection(cells: readonly StrategyCell[]): string {
  if (cells.length === 0) return '';
  const strategies = [...new Set(cells.map(({ strategy }) => strategy))].toSorted();
  const scenarios = [...new Set(cells.map(({ scenario }) => scenario))].toSorted();
  const rows = scenarios.map((name): TableRow => {
    const theirs = cells.filter(({ scenario }) => scenario === name);
    const total = sumOf(theirs);
    const row: [TableCell, ...TableCell[]] = [{ text: name, isFailed: total.failures > 0 }, cellOf(total)];
    for (const wanted of strategies) {
      row.push(cellOf(sumOf(theirs.filter(({ strategy }) => strategy === wanted))));
    }
    return row;
  });
  const columns = [
    { title: 'scenario', isText: true },
    { title: 'all' },
    ...strategies.map((title) => ({ title })),
  ];
  return section(
    'scenarios',
    'Scenarios and strategies',
    `<p class="quiet">“12, 3 failed” are 12 runs, of which 3 failed.</p>
${table('scenario-rows', 'Runs of each scenario under each strategy', columns, rows)}`,
  );
}

function sumOf(cells: readonly Sum[]): Sum {
  const sum = { runs: 0, failures: 0 };
  for (const { runs, failures } of cells) {
    sum.runs += runs;
    sum.failures += failures;
  }
  return sum;
}

function cellOf({ runs, failures }: Sum): TableCell {
  if (runs === 0) return { text: '–' };
  return failures === 0
    ? { text: grouped(runs) }
    : { text: `${grouped(runs)}, ${grouped(failures)} failed`, isFailed: true };
}
