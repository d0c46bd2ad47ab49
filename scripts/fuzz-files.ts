/**
 * Damages the files of small databases in every way it knows, opens them, and sees whether each either opens
 * to something genuine or is refused with an error that says so: no crash, no hang, no memory without bound,
 * no claim invented or altered, and none lost in silence beyond what the contract allows.
 *
 *     npm run build && node dist/scripts/fuzz-files.js --cases 100000 --seed 1
 *     node dist/scripts/fuzz-files.js --seed 1 --only 4711
 *
 * Exits with 1 if anything was wrong. The same seed gives the same cases and outcomes. Two processes share
 * the work with `--from`.
 */
import { parseArgs } from 'node:util';
import { buildBases } from './fuzz-files/base.ts';
import { runCampaign } from './fuzz-files/campaign.ts';
import { makeCase, playCase } from './fuzz-files/fuzz-case.ts';
import { isClean, renderCase, renderTally } from './fuzz-files/table.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '100000' },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
  },
});
const { seed } = values;

if (values.only === undefined) {
  const begun = performance.now();
  const secondsSince = (): string => ((performance.now() - begun) / 1000).toFixed(0);
  let done = 0;
  const tally = await runCampaign({
    seed,
    from: wholeNumber('from', values.from),
    cases: wholeNumber('cases', values.cases),
    onCase: () => {
      done += 1;
      if (done % 5000 === 0) process.stderr.write(`${done} cases in ${secondsSince()} s\n`);
    },
  });
  process.stdout.write(`${renderTally(tally, seed)} in ${secondsSince()} s (seed ${seed})\n`);
  process.exitCode = isClean(tally) ? 0 : 1;
} else {
  const fuzzCase = makeCase(await buildBases(), seed, wholeNumber('only', values.only));
  const result = await playCase(fuzzCase);
  process.stdout.write(`${renderCase(fuzzCase, result, seed)}\n`);
  if (result.violation !== undefined) process.stdout.write(`${stacksOf(result.violation)}\n`);
  process.exitCode = result.violation === undefined ? 0 : 1;
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new RangeError(`--${option} takes a whole number, not "${text}"`);
  return Number(text);
}

/** The stack of an error and of what caused it. */
function stacksOf(error: Error): string {
  const { cause } = error;
  return `${error.stack}${cause instanceof Error ? `\ncaused by ${stacksOf(cause)}` : ''}`;
}
