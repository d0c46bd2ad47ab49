/**
 * Plays each planted bug under every strategy, all of them in the same workloads with the same faults, and prints a
 * line of JSON for each bug: what scripts/tune-portfolio.ts reads. See docs/exploration.md.
 *
 *     npm run build && node dist/scripts/measure-strategies.js --workloads 200 BUG.. >> measured.jsonl
 *     node dist/scripts/measure-strategies.js --from 200 --workloads 200 BUG.. >> measured.jsonl
 *
 * `--strategy` measures only these; `portfolio` is the one that the seed draws. Slices that follow each other are the same as one long measurement.
 */
import { parseArgs } from 'node:util';
import { strategyNames } from '../src/explore/index.ts';
import { measureBug } from './strategies/measure-bug.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: '0' },
    workloads: { type: 'string', default: '200' },
    strategy: { type: 'string', multiple: true },
  },
});
for (const bug of positionals) {
  const measured = await measureBug(bug, {
    first: wholeNumber(values.from),
    workloads: wholeNumber(values.workloads),
    strategies: values.strategy ?? strategyNames,
  });
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`A whole number is wanted, not "${text}".`);
  return Number(text);
}
