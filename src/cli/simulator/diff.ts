import type { CommandModule } from 'yargs';
import type { RunFile, RunTrace } from '../../explore/index.ts';
import { playAgain } from './replay.ts';

interface DiffArguments {
  readonly a: string;
  readonly b: string;
}

export function diffCommand(exit: (code: number) => void): CommandModule<object, DiffArguments> {
  return {
    command: 'diff <a> <b>',
    describe: 'The first step in which two recorded runs differ',
    builder: (cli) =>
      cli
        .positional('a', { type: 'string', demandOption: true, describe: 'a run file' })
        .positional('b', { type: 'string', demandOption: true, describe: 'another' })
        .example('$0 diff reports/42.json other/42.json', 'the first step in which they differ'),
    handler: async (args) => exit(await diff(args)),
  };
}

async function diff(args: DiffArguments): Promise<number> {
  const { readRunFile } = await import('../../explore/run-file.ts');
  const [left, right] = [await traceOf(await readRunFile(args.a)), await traceOf(await readRunFile(args.b))];
  const { exitCodes, firstDifference } = await import('../../explore/index.ts');
  const { differenceBlock, styleFor } = await import('../../report/index.ts');
  const difference = firstDifference(left.steps, right.steps);
  const style = styleFor(process.stdout, process.env);
  if (difference === undefined) {
    process.stdout.write(` the same ${left.steps.length} steps\n`);
    return exitCodes.held;
  }
  const before = left.steps.slice(Math.max(0, difference.index - 5), difference.index);
  process.stdout.write(`${differenceBlock({ ...difference, before, names: [args.a, args.b] }, style)}\n`);
  return exitCodes.counterexample;
}

async function traceOf(file: RunFile): Promise<RunTrace> {
  return file.trace ?? (await playAgain(file, 'strict', true)).trace ?? { steps: [], notes: [] };
}
