import type { CommandModule } from 'yargs';
import { invocation } from '../invocation.ts';
import { durationMs, wholeNumber } from '../usage-error.ts';

interface MinimizeArguments {
  readonly file: string;
  readonly tries: number;
  readonly for: string;
  readonly jobs: number;
}

export function minimizeCommand(exit: (code: number) => void): CommandModule<object, MinimizeArguments> {
  return {
    command: 'minimize <file>',
    describe: 'Make a recorded failure small, or smaller; goes on where the budget was spent',
    builder: (cli) =>
      cli
        .positional('file', {
          type: 'string',
          demandOption: true,
          describe: 'what "run" wrote: reports/<seed>.json; the result is written into it',
        })
        .options({
          tries: { type: 'number', default: 5000, requiresArg: true, describe: 'most runs to play' },
          for: { type: 'string', default: '5m', requiresArg: true, describe: 'at most so long: 30s, 5m' },
          jobs: { type: 'number', default: 1, requiresArg: true, describe: 'threads; changes no result' },
        })
        .example('$0 minimize reports/42.json --for 10m --jobs 2', 'go on where the budget was spent'),
    handler: async (args) => exit(await minimize(args)),
  };
}

async function minimize(args: MinimizeArguments): Promise<number> {
  const options = {
    triesMax: wholeNumber('tries', args.tries, 1),
    wallMsMax: durationMs('for', args.for),
    jobs: wholeNumber('jobs', args.jobs, 1),
  };
  const { readRunFile } = await import('../../explore/run-file.ts');
  const file = await readRunFile(args.file);
  if (file.mutant !== null) {
    const { plantMutant } = await import('../../explore/mutants/plant.ts');
    await plantMutant(file.mutant);
  }
  const { exitCodes, loadCatalogue, minimizeRunFile, rewriteRunFile } =
    await import('../../explore/index.ts');
  const { failureBlock, styleFor } = await import('../../report/index.ts');
  const minimized = await minimizeRunFile(await loadCatalogue(), file, options);
  await rewriteRunFile(args.file, minimized);
  const command = invocation('stemedb-sim');
  const context = {
    kind: 'safety',
    runs: undefined,
    replay: `${command} replay ${args.file}`,
    keep: `${command} keep ${args.file} --name ${minimized.record.property}`,
  } as const;
  process.stdout.write(`${failureBlock(minimized, context, styleFor(process.stdout, process.env))}\n`);
  return exitCodes.counterexample;
}
