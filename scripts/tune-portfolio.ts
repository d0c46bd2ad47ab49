/**
 * Reads what scripts/measure-strategies.ts has measured, and prints in Markdown how often each strategy finds each bug,
 * the weights of the portfolio that are best for one half of the bugs, and how many runs a bug of the other half takes
 * by `random` for one by the portfolio. See docs/exploration.md.
 *
 *     npm run build && node dist/scripts/tune-portfolio.js measured.jsonl
 *
 * Which half a bug is in is decided by its name.
 */
import { readFile } from 'node:fs/promises';
import type { MeasuredBug } from './strategies/measure-bug.ts';
import { type BugTable, strataOf, tablesOf } from './strategies/measured.ts';
import { chancesOf, ratioOf } from './strategies/ratio.ts';
import { ratioTable, strategyTable } from './strategies/tables.ts';
import { bestWeights, type Weights } from './strategies/weights.ts';

/** What each strategy keeps, however little it found: a bug of a kind that is not among these may need it. */
const least = 0.02;

const [file] = process.argv.slice(2);
if (file === undefined) throw new RangeError('Name the file that measure-strategies.js has written.');
const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
const bugs = tablesOf(lines.map((line) => JSON.parse(line) as MeasuredBug));
const tunedOn = bugs.filter(({ half }) => half === 'tuned on');
const reported = bugs.filter(({ half }) => half === 'reported');

const out: string[] = [strategyTable('Tuned on', tunedOn), strategyTable('Reported', reported)];
const strategies = [...(tunedOn[0]?.found.keys() ?? [])].filter((name) => name !== 'portfolio');
const best = bestWeights(
  tunedOn.map((bug) => chancesOf(bug)),
  strategies,
  least,
);
const percents = [...best].map(([name, weight]) => `${name} ${(100 * weight).toFixed(0)}`);
out.push(`Best for the half tuned on, in percent: ${percents.join(', ')}.`);

const alone = (strategy: string): Weights => new Map([[strategy, 1]]);
out.push(
  ratioTable([
    ['these weights, half tuned on', ratioOf(tunedOn, best, 'random')],
    ...strategies.map(
      (name) => [`\`${name}\` alone, half tuned on`, ratioOf(tunedOn, alone(name), 'random')] as const,
    ),
  ]),
);

const portfolioOf = (some: readonly BugTable[]) => ratioOf(some, alone('portfolio'), 'random');
const { easy, medium, hard, never } = strataOf(reported);
const rows = [
  ['the portfolio, half reported, all', [...easy, ...medium, ...hard]],
  ['the portfolio, half reported, medium and hard', [...medium, ...hard]],
] as const;
out.push(
  ratioTable(
    rows.filter(([, some]) => some.length > 0).map(([name, some]) => [name, portfolioOf(some)] as const),
  ),
);
if (never.length > 0) out.push(`Never found, and left out: ${never.map(({ bug }) => bug).join(', ')}.`);
process.stdout.write(`${out.join('\n\n')}\n`);
