import type { CommandModule } from 'yargs';
import type { PlayedRun, RunFile } from '../../explore/index.ts';
import { oneOf, wholeNumber } from '../usage-error.ts';

interface ReplayArguments {
  readonly file: string;
  readonly until?: number | undefined;
  readonly trace?: string | undefined;
  readonly mode: string;
}

export function replayCommand(exit: (code: number) => void): CommandModule<object, ReplayArguments> {
  return {
    command: 'replay <file>',
    describe: 'Play a recorded run again, exactly',
    builder: (cli) =>
      cli
        .positional('file', {
          type: 'string',
          demandOption: true,
          describe: 'what "run" wrote: reports/<seed>.json',
        })
        .options({
          until: { type: 'number', requiresArg: true, describe: 'stand still after this step' },
          trace: { type: 'string', requiresArg: true, describe: '"full" prints every step' },
          mode: {
            type: 'string',
            default: 'strict',
            requiresArg: true,
            describe:
              'strict: the recorded choices and no others; steps: those that still fit; seed: draw again',
          },
        })
        .example('$0 replay reports/42.json', 'the same run again, step for step')
        .example(
          '$0 replay reports/42.json --trace full --until 120',
          'every step up to step 120, and no further',
        )
        .example('$0 replay reports/42.json --mode steps', 'what still fits, after the code has changed'),
    handler: async (args) => exit(await replay(args)),
  };
}

async function replay(args: ReplayArguments): Promise<number> {
  const mode = oneOf('mode', args.mode, ['strict', 'steps', 'seed']);
  const traced = args.trace !== undefined && oneOf('trace', args.trace, ['full']) === 'full';
  const stepsUntil = args.until === undefined ? undefined : wholeNumber('until', args.until, 1);
  const { readRunFile } = await import('../../explore/run-file.ts');
  const file = await readRunFile(args.file);
  const played = await playAgain(file, mode as 'strict' | 'steps' | 'seed', traced, stepsUntil);

  const { failureBlock, runLine, styleFor, traceLines } = await import('../../report/index.ts');
  const { exitCodes, isHang, toRunFile } = await import('../../explore/index.ts');
  const style = styleFor(process.stdout, process.env);
  const show = (text: string): void => void process.stdout.write(`${text}\n`);
  if (played.trace !== undefined) for (const line of traceLines(played.trace, style)) show(line);
  if (stepsUntil !== undefined && played.failure === undefined) {
    show(` stands still after step ${played.record.steps}, t=${played.record.virtualMs}ms`);
    return exitCodes.held;
  }
  show(runLine(played.record, style));
  const same = played.record.digest === file.record.digest;
  if (played.failure?.code === 'SIM_TAPE_MISMATCH') {
    show(`\n ${played.failure.message}`);
    return exitCodes.staleFixture;
  }
  if (played.failure === undefined) {
    show(
      file.failure === null ? verdictOn(same) : ` It held: ${file.record.signature} did not happen again.`,
    );
    return file.failure === null && mode !== 'steps' && !same ? exitCodes.nondeterminism : exitCodes.held;
  }
  const replayed = { ...(await toRunFile({ ...played, tape: file.tape }, file.mutant ?? undefined)) };
  show(`\n${failureBlock(replayed, { kind: 'safety', replay: undefined, runs: undefined }, style)}`);
  if (played.record.signature !== file.record.signature) {
    show(` Another failure than the recorded one, which was ${file.record.signature}.`);
  } else {
    show(isHang(played.record) ? ' Reproduced: it hangs.' : ` Reproduced: ${verdictOn(same)}`);
  }
  return played.record.verdict === 'error' ? exitCodes.simulatorBug : exitCodes.counterexample;
}

function verdictOn(same: boolean): string {
  return same ? 'the same digest, step for step.' : 'the digest differs: the code has changed since.';
}

/** Plays a run again in a thread of its own, with the bug that it had. Of one that hung only the seed is known. */
export async function playAgain(
  { mutant, profile, record, tape }: RunFile,
  mode: 'strict' | 'steps' | 'seed',
  trace: boolean,
  stepsUntil?: number,
): Promise<PlayedRun> {
  const { isHang, PlayThreads } = await import('../../explore/index.ts');
  const { arena, scenario, strategy, seed, run } = record;
  const replay = mode === 'seed' || isHang(record) ? undefined : { mode, tape };
  const threads = new PlayThreads({ mutant: mutant ?? undefined });
  try {
    return await threads.play(
      { arena, scenario, strategy, seed, run },
      { replay, trace, stepsUntil, profile, tellsSteps: true },
    );
  } finally {
    await threads.close();
  }
}
