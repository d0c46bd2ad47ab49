/**
 * How small the first failure of each planted bug becomes that is soon found. Names are beginnings of names:
 *
 *     node dist/bench/minimizer.js [wal- kv- ..] [--seed 1] [--seeds 40] [--shard 1/8]
 */
import { parseArgs } from 'node:util';
import { loadCatalogue, mutantNames, planRun, playTrial, readMutant } from '../src/explore/index.ts';
import { checkTargets } from './measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '40' },
    shard: { type: 'string', default: '1/1' },
  },
});
const [shard = 1, shards = 1] = values.shard.split('/').map(Number);
const names = (await mutantNames())
  .filter((name) => positionals.length === 0 || positionals.some((start) => name.startsWith(start)))
  .filter((_, index) => index % shards === shard - 1);

const { arenas } = await loadCatalogue();
const sizes: number[] = [];
const seconds: number[] = [];
let others = 0;
for (const name of names) {
  const mutant = await readMutant(name);
  const pairs = mutant.arenas.flatMap((arena) => {
    const { scenarios = [], onRequest = [] } = arenas.get(arena) ?? {};
    const playable = new Set([...scenarios, ...onRequest]);
    return mutant.scenarios
      .filter((scenario) => playable.has(scenario))
      .map((scenario) => ({ arena, scenario }));
  });
  const plan = { seed: values.seed, pairs };
  const plans = Array.from({ length: Number(values.seeds) }, (_, run) => planRun(plan, run));
  const trial = { mutant: name, plans, enough: 1, minimize: true };
  const { runs, smallCase, died } = await playTrial(trial, () => undefined);
  const failed = runs.at(-1);
  if (failed?.verdict !== 'violated' || smallCase === undefined) {
    tell([
      '',
      '',
      '',
      '',
      name,
      died ?? (failed?.verdict === 'violated' ? 'cannot be told as a case' : 'not found'),
    ]);
    continue;
  }
  const { operations, faults, steps, outcome } = smallCase;
  if (smallCase.signature !== failed.signature) others += 1;
  sizes.push(operations + faults);
  seconds.push(smallCase.seconds);
  tell([
    String(operations + faults),
    `${operations} + ${faults}`,
    `${smallCase.seconds.toFixed(1)} s`,
    `${failed.steps} to ${steps} steps`,
    name,
    outcome === '1-minimal' ? '' : 'budget spent',
  ]);
}

sizes.sort((one, other) => one - other);
process.stdout.write(`
${sizes.length} cases
${checkTargets([
  {
    claim: 'operations and faults, median',
    measured: sizes[sizes.length >> 1] ?? 0,
    must: 'at most',
    bound: 6,
  },
  { claim: 'operations and faults, worst', measured: sizes.at(-1) ?? 0, must: 'at most', bound: 15 },
  { claim: 'seconds of the processor, worst', measured: Math.max(0, ...seconds), must: 'at most', bound: 30 },
  { claim: 'cases that fail in another way', measured: others, must: 'at most', bound: 0 },
])}
`);

function tell([
  size = '',
  parts = '',
  spent = '',
  steps = '',
  name = '',
  remark = '',
]: readonly string[]): void {
  const columns = [
    size.padStart(3),
    parts.padStart(8),
    spent.padStart(7),
    steps.padStart(20),
    name.padEnd(44),
    remark,
  ];
  process.stdout.write(`${columns.join('  ').trimEnd()}\n`);
}
