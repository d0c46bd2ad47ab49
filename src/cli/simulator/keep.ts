import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CommandModule } from 'yargs';
import { projectRoot } from '../../explore/project.ts';
import { UsageError } from '../usage-error.ts';

interface KeepArguments {
  readonly file: string;
  readonly name?: string | undefined;
  readonly fixed: boolean;
}

export function keepCommand(exit: (code: number) => void): CommandModule<object, KeepArguments> {
  return {
    command: 'keep <file>',
    describe: 'Keep a failure in fixtures/regressions, where every test run plays it',
    builder: (cli) =>
      cli
        .positional('file', {
          type: 'string',
          demandOption: true,
          describe: 'what "run" wrote: reports/<seed>.json; with --fixed the name of a kept case',
        })
        .options({
          name: { type: 'string', requiresArg: true, describe: 'of the case, and of its file' },
          fixed: {
            type: 'boolean',
            default: false,
            describe: 'the bug is gone: from now on the case must pass',
          },
        })
        .example(
          '$0 keep reports/42.json --name torn-tail',
          'a failure, to be found again until it is mended',
        )
        .example('$0 keep torn-tail --fixed', 'it is mended: from now on it must pass'),
    handler: async (args) => exit(await (args.fixed ? keepFixed(args.file) : keepNew(args))),
  };
}

async function keepNew({ file: source, name }: KeepArguments): Promise<number> {
  if (name === undefined) throw new UsageError('Say what the case is called: --name acked-vote-torn-tail.');
  const { readRunFile } = await import('../../explore/run-file.ts');
  const file = await readRunFile(source);
  const { exitCodes, keep, PlayThreads, writeKeptCase } = await import('../../explore/index.ts');
  const commit = await commitOf();
  const threads = new PlayThreads({ mutant: file.mutant ?? undefined });
  const kept = await keep(threads.play, file, { name, commit }).finally(() => threads.close());
  const target = await writeKeptCase(kept);
  process.stdout.write(` kept as ${target}: expected to fail until "keep --fixed ${name}"\n`);
  return exitCodes.held;
}

async function keepFixed(name: string): Promise<number> {
  const { exitCodes, flipToFixed, keptCaseFiles, PlayThreads, readKeptCase, writeKeptCase } =
    await import('../../explore/index.ts');
  const [file] = await keptCaseFiles(name);
  if (file === undefined) throw new UsageError(`No kept case "${name}" in fixtures/regressions.`);
  const kept = await readKeptCase(file);
  const threads = new PlayThreads({});
  const fixed = await flipToFixed(threads.play, kept).finally(() => threads.close());
  await writeKeptCase(fixed, file);
  process.stdout.write(` ${fixed.name} is fixed: from now on it must pass\n`);
  return exitCodes.held;
}

/** `null` where there is no repository, or no git. */
async function commitOf(): Promise<string | null> {
  return promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: projectRoot() }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}
