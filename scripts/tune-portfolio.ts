/**
 * Tunes the weights of the portfolio on one half of the bugs that scripts/measure-strategies.ts has measured, and
 * reports on the other how many runs a bug takes by `random` for one by the portfolio. See docs/exploration.md.
 *
 *     npm run build && node dist/scripts/tune-portfolio.js measured.jsonl
 *
 * Which half a bug is in is decided by its name. Prints Markdown.
 */
import { readFile } from 'node:fs/promises';
import { portfolio } from '../src/explore/index.ts';
import type { MeasuredBug } from './strategies/measure-bug.ts';
import { type BugTable, tablesOf } from './strategies/measured.ts';
import { chancesOf, ratioOf } from './strategies/ratio.ts';
import { ratioLines, strategyTable } from './strategies/tables.ts';
import { bestWeights, type Weights } from './strategies/weights.ts';

/** What each strategy keeps, however little it found: a bug of a kind that is not among these may need it. */
const least = 0.02;

const [file] = process.argv.slice(2);
if (file === undefined) throw new RangeError('Name the file that measure-strategies.js has written.');
const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
const bugs = tablesOf(lines.map((line) => JSON.parse(line) as MeasuredBug));
const tunedOn = bugs.filter(({ half }) => half === 'tuned on');
const reported = bugs.filter(({ half }) => half === 'reported');
const strategies = [...(bugs[0]?.found.keys() ?? [])];

const present: Weights = new Map(portfolio.map(([name, weight]) => [name, weight / 100]));
const best = bestWeights(
  tunedOn.map((bug) => chancesOf(bug)),
  strategies,
  least,
);
const uniform: Weights = new Map(strategies.map((strategy) => [strategy, 1 / strategies.length]));
const single = (strategy: string): Weights => new Map([[strategy, 1]]);

const against = (weights: Weights, half: readonly BugTable[]) => ratioOf(half, weights, 'random');
const candidates: readonly (readonly [string, Weights])[] = [
  ['the portfolio as it is', present],
  ['the weights that are best on the half tuned on', best],
  ['all strategies alike', uniform],
  ...strategies.map((strategy) => [`${strategy} alone`, single(strategy)] as const),
];
const text = [
  strategyTable('Tuned on', tunedOn, present),
  strategyTable('Reported', reported, present),
  ratioLines(
    candidates.map(([name, weights]) => ({
      name,
      tunedOn: against(weights, tunedOn),
      reported: against(weights, reported),
    })),
  ),
  `Best weights, in percent: ${[...best].map(([name, weight]) => `${name} ${Math.round(100 * weight)}`).join(', ')}.`,
];
process.stdout.write(`${text.join('\n\n')}\n`);
