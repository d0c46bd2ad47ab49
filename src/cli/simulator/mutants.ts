import { writeFile } from 'node:fs/promises';
import type { CommandModule } from 'yargs';
import type { Catalogue, MatrixCell, Mutant, MutantResult } from '../../explore/index.ts';
import { oneOf, UsageError, wholeNumber } from '../usage-error.ts';
import { Progress } from './progress.ts';
import { selectPairs } from './select.ts';

interface MutantsArguments {
  readonly name?: string[] | undefined;
  readonly seed: string;
  readonly seeds: number;
  readonly enough: number;
  readonly minimize: boolean;
  readonly strategy?: string[] | undefined;
  readonly jobs: number;
  readonly reporter: string;
  readonly output?: string | undefined;
}

const reporters = ['terminal', 'json'];

export function mutantsCommand(exit: (code: number) => void): CommandModule<object, MutantsArguments> {
  return {
    command: 'mutants [name..]',
    describe: 'Plant bugs one by one, and measure how soon each is found',
    builder: (cli) =>
      cli
        .positional('name', {
          type: 'string',
          array: true,
          describe: 'which, * and ? allowed; all when none is named',
        })
        .options({
          seed: { type: 'string', default: '1', requiresArg: true, describe: 'of the first run' },
          seeds: { type: 'number', default: 200, requiresArg: true, describe: 'most runs for a bug' },
          enough: {
            type: 'number',
            default: 10,
            requiresArg: true,
            describe: 'go on to the next bug when one was found so often',
          },
          minimize: {
            type: 'boolean',
            default: true,
            describe: 'make the first failure of each bug small; --no-minimize does not',
          },
          strategy: {
            type: 'string',
            array: true,
            requiresArg: true,
            describe: 'play all runs by each of these; drawn for each run when absent',
          },
          jobs: { type: 'number', default: 1, requiresArg: true, describe: 'processes; changes no result' },
          reporter: {
            type: 'string',
            default: 'terminal',
            requiresArg: true,
            describe: `${reporters.join(', ')}; several with commas`,
          },
          output: { type: 'string', requiresArg: true, describe: 'an HTML file for the matrix' },
        })
        .example("$0 mutants 'wal-*' --seeds 500 --jobs 2", 'how soon each bug of the log is found')
        .example('$0 mutants canary --strategy random --strategy pos', 'one bug, two strategies'),
    handler: async (args) => exit(await mutants(args as unknown as MutantsArguments)),
  };
}

async function mutants(args: MutantsArguments): Promise<number> {
  const { exitCodes, loadCatalogue, playMatrix } = await import('../../explore/index.ts');
  const report = await import('../../report/index.ts');
  const names = new Set(args.reporter.split(',').map((name) => oneOf('reporter', name, reporters)));
  const seedsMax = wholeNumber('seeds', args.seeds, 1);
  const enough = wholeNumber('enough', args.enough, 1);
  const jobs = wholeNumber('jobs', args.jobs, 1);
  const cells = await cellsOf(args, await loadCatalogue());
  const style = report.styleFor(process.stdout, process.env);
  const results: MutantResult[] = [];
  const show = (text: string): void => void (names.has('terminal') && process.stdout.write(`${text}\n`));
  let interrupted = false;
  const onInterrupt = (): void => {
    interrupted = true;
  };
  process.once('SIGINT', onInterrupt);
  const progress = new Progress(process.stderr, Infinity);
  show(report.mutantsHead(style));
  try {
    await playMatrix(cells, {
      seedsMax,
      enough,
      minimize: args.minimize,
      jobs,
      stop: () => interrupted,
      onRun: (held) => progress.step(held),
      onResult: (result) => {
        results.push(result);
        progress.end();
        if (names.has('json')) process.stdout.write(`${JSON.stringify(result)}\n`);
        show(report.mutantLines(result, style));
      },
    });
  } finally {
    progress.end();
    process.removeListener('SIGINT', onInterrupt);
  }
  show(`\n${report.mutantsSummary(results, style)}`);
  if (args.output !== undefined) await writeFile(args.output, report.mutantsHtml(results, args.seed));
  if (interrupted) return exitCodes.interrupted;
  const areCaught = results.every(
    ({ blind, control, detected, hard }) => (detected > 0 || blind !== null || hard) && control.failed === 0,
  );
  return areCaught ? exitCodes.held : exitCodes.counterexample;
}

/** Each bug with each strategy. Throws `UsageError`, and `StaleMutantError` before anything is played. */
async function cellsOf(args: MutantsArguments, catalogue: Catalogue): Promise<MatrixCell[]> {
  const { requireFresh, strategyNames } = await import('../../explore/index.ts');
  const strategies = args.strategy?.map((name) => oneOf('strategy', name, strategyNames)) ?? [undefined];
  const cells: MatrixCell[] = [];
  for (const mutant of await mutantsNamed(args.name ?? [])) {
    await requireFresh(mutant);
    const pairs = selectPairs(catalogue, mutant.arenas, mutant.scenarios, true);
    for (const strategy of strategies) cells.push({ mutant, plan: { seed: args.seed, pairs, strategy } });
  }
  return cells;
}

async function mutantsNamed(patterns: readonly string[]): Promise<Mutant[]> {
  const { mutantNames, readMutant } = await import('../../explore/index.ts');
  const names = await mutantNames();
  const chosen = new Set<string>();
  for (const pattern of patterns.length === 0 ? ['*'] : patterns) {
    const matching = names.filter((name) => matches(name, pattern));
    if (matching.length === 0)
      throw new UsageError(`No planted bug is called ${pattern}. Known: ${names.join(', ')}.`);
    for (const name of matching) chosen.add(name);
  }
  return Promise.all(names.filter((name) => chosen.has(name)).map(readMutant));
}

/** `wal-*`; a star stands for any text, a question mark for one letter. */
function matches(name: string, pattern: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}
