import { probability } from '../../src/explore/index.ts';
import type { BugTable } from './measured.ts';
import type { Ratio } from './ratio.ts';
import type { Weights } from './weights.ts';

/** In how many percent of the runs each strategy finds each bug; of `random` and the mixture with interval. */
export function strategyTable(title: string, bugs: readonly BugTable[], weights: Weights): string {
  const strategies = [...(bugs[0]?.found.keys() ?? [])];
  const head = [title, 'runs each', 'portfolio', ...strategies];
  const lines = bugs.map(({ bug, workloads, found }) => {
    const shares = strategies.map((strategy) => hitsOf(found.get(strategy)) / workloads);
    const mixture = strategies.reduce(
      (sum, strategy, index) => sum + (weights.get(strategy) ?? 0) * shares[index]!,
      0,
    );
    const cells = strategies.map((strategy, index) =>
      strategy === 'random' ? withInterval(hitsOf(found.get(strategy)), workloads) : percent(shares[index]!),
    );
    return [`\`${bug}\``, String(workloads), percent(mixture), ...cells];
  });
  return markdown([head, ...lines]);
}

/** How many times fewer runs a bug takes than by `random`, on each half. */
export function ratioLines(
  rows: readonly { readonly name: string; readonly tunedOn: Ratio; readonly reported: Ratio }[],
): string {
  const told = ({ value, low, high, bugs }: Ratio): string =>
    `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}; ${bugs} bugs)`;
  const lines = rows.map(({ name, tunedOn, reported }) => [name, told(tunedOn), told(reported)]);
  return markdown([['runs by `random` for one by', 'half tuned on', 'half reported'], ...lines]);
}

function hitsOf(hits: Uint8Array | undefined): number {
  return (hits ?? new Uint8Array(0)).reduce((sum, hit) => sum + hit, 0);
}

function withInterval(hits: number, runs: number): string {
  const { value, low, high } = probability(hits, runs);
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function markdown(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  return [head, head.map(() => '---'), ...rows.slice(1)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
