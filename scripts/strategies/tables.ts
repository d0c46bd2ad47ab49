import { probability } from '../../src/explore/index.ts';
import type { BugTable } from './measured.ts';
import type { Ratio } from './ratio.ts';

/** In how many percent of its runs each strategy finds each bug, with Wilson's interval. */
export function strategyTable(title: string, bugs: readonly BugTable[]): string {
  const strategies = [...new Set(bugs.flatMap(({ found }) => [...found.keys()]))];
  const lines = bugs.map(({ bug, workloads, found }) => {
    const cells = strategies.map((strategy) => percentOf(found.get(strategy), workloads));
    return [`\`${bug}\``, String(workloads), ...cells];
  });
  return markdown([[title, 'runs of each', ...strategies], ...lines]);
}

/** How many times fewer runs a bug takes than by `random`. */
export function ratioTable(rows: readonly (readonly [name: string, ratio: Ratio])[]): string {
  const lines = rows.map(([name, { value, low, high, bugs }]) => [
    name,
    String(bugs),
    value.toFixed(2),
    `${low.toFixed(2)} to ${high.toFixed(2)}`,
  ]);
  return markdown([['runs by `random` for one by', 'bugs', 'ratio', '95 %'], ...lines]);
}

function percentOf(hits: Uint8Array | undefined, runs: number): string {
  if (hits === undefined) return '';
  const count = hits.reduce((sum, hit) => sum + hit, 0);
  const { value, low, high } = probability(count, runs);
  const [share, from, to] = [value, low, high].map((part) => (100 * part).toFixed(part < 0.1 ? 1 : 0));
  return `${share} (${from} to ${to})`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const [head = [], ...lines] = rows;
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
