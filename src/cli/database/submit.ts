import type { CommandModule } from 'yargs';
import type { AssertionContent } from '../../engine/index.ts';
import { UsageError } from '../usage-error.ts';
import { dataOption } from './data-directory.ts';
import type { ClaimSource } from './claim-source.ts';
import type { LineProblem } from './claim-line.ts';
import { Interruption } from './interruption.ts';
import { counted, tell } from './text.ts';

interface SubmitArguments {
  readonly data: string;
  readonly file: string;
  readonly agent: string;
  readonly 'keep-going': boolean;
}

const exitCodes = { done: 0, refused: 1, interrupted: 130 } as const;

export function submitCommand(exit: (code: number) => void): CommandModule<object, SubmitArguments> {
  return {
    command: 'submit <file>',
    describe: 'Sign claims, a line of JSON each, and make them durable',
    builder: (cli) =>
      cli
        .positional('file', {
          type: 'string',
          demandOption: true,
          describe: 'unsigned claims as JSON lines; "-" is standard input',
        })
        .options({
          ...dataOption,
          agent: {
            type: 'string',
            default: 'default',
            requiresArg: true,
            describe: 'whose key signs; made in DIR/keys when it is not there',
          },
          'keep-going': {
            type: 'boolean',
            default: false,
            describe: 'take the good lines even if others are refused',
          },
        })
        .epilogue(
          'A file is read twice: if any line is refused, nothing is taken. Standard input and pipes are read once: ' +
            'the first line that is refused ends it, and the lines before it are taken.\n\n' +
            'Each claim that is durable is acknowledged by a line on standard output: ' +
            '{"line":3,"hash":"...","offset":4096}. The same claim again is the same claim.',
        ),
    handler: async (args) => exit(await submit(args)),
  };
}

async function submit(args: SubmitArguments): Promise<number> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(args.agent)) {
    throw new UsageError(
      `--agent takes up to 64 letters, digits, dots, hyphens and underscores, not "${args.agent}".`,
    );
  }
  const { claimSource } = await import('./claim-source.ts');
  const source = await claimSource(args.file);
  const keepGoing = args['keep-going'];
  const interruption = new Interruption();
  try {
    if (source.isRepeatable && !keepGoing) {
      const refused = await countRefused(source, interruption);
      if (interruption.isRequested) return exitCodes.interrupted;
      if (refused > 0) {
        tell(
          `nothing was submitted: ${counted(refused, 'line')} of ${source.name} refused. ` +
            'Mend what is listed above, or take the others with --keep-going.',
        );
        return exitCodes.refused;
      }
    }
    return await submitAll(args, source, interruption);
  } finally {
    interruption.end();
  }
}

/** Reads all of it and shows what is wrong. */
async function countRefused(source: ClaimSource, interruption: Interruption): Promise<number> {
  const { ProblemList } = await import('./problem-list.ts');
  const problems = new ProblemList(tell);
  for await (const { problem } of claimsOf(source, interruption)) {
    if (problem !== undefined) problems.add(problem);
  }
  problems.finish();
  return problems.count;
}

async function submitAll(
  args: SubmitArguments,
  source: ClaimSource,
  interruption: Interruption,
): Promise<number> {
  const { newOrExistingDatabase, withDatabase } = await import('./data-directory.ts');
  const { ProblemList } = await import('./problem-list.ts');
  const { readOrCreateSecretKey } = await import('../../host/index.ts');
  const { Submission } = await import('./submission.ts');
  const { Output } = await import('./output.ts');
  const directory = await newOrExistingDatabase(args.data);
  const output = new Output(process.stdout);
  const begun = performance.now();
  return withDatabase(directory, async (db, ports) => {
    const secretKey = await readOrCreateSecretKey(`${directory}/keys`, args.agent, ports.entropy);
    const submission = new Submission(db, ports, secretKey, output);
    const problems = new ProblemList(tell);
    for await (const { line, content, problem } of claimsOf(source, interruption)) {
      if (content !== undefined) await submission.add(line, content);
      if (problem !== undefined) {
        problems.add(problem);
        if (!args['keep-going']) break;
      }
      if (submission.isEnded) break;
    }
    await submission.finish();
    problems.finish();
    const { acknowledged, lastLine, unknown } = submission;
    if (unknown === undefined) await db.waitUntilOffset(submission.endOffset);

    const seconds = (performance.now() - begun) / 1000;
    tell(
      `${counted(acknowledged, 'claim')} of agent "${args.agent}" ${acknowledged === 1 ? 'is' : 'are'} durable (${seconds.toFixed(1)} s)`,
    );
    if (unknown !== undefined) {
      tell(
        `${counted(unknown.lines, 'claim')} from line ${unknown.firstLine} on may be in the log or not. ` +
          'Submit the file again once the cause is mended: what is there already is not taken twice.',
      );
      throw unknown.cause;
    }
    if (output.isClosed) {
      const why = output.failure === undefined ? 'was closed' : `failed (${output.failure.message})`;
      tell(`standard output ${why} after line ${lastLine}; more may be durable than was said`);
      return exitCodes.refused;
    }
    if (interruption.isRequested) {
      tell(`interrupted after line ${lastLine}`);
      return exitCodes.interrupted;
    }
    if (problems.count === 0) return exitCodes.done;
    tell(
      args['keep-going']
        ? `${counted(problems.count, 'line')} refused; all others were taken`
        : `stopped at the line that was refused; those before it were taken`,
    );
    return exitCodes.refused;
  });
}

/** A line with a claim, or with something else. */
interface ReadLine {
  readonly line: number;
  readonly content?: AssertionContent;
  readonly problem?: LineProblem;
}

/** The lines that hold anything, until the end or the interruption. */
async function* claimsOf(source: ClaimSource, interruption: Interruption): AsyncGenerator<ReadLine> {
  const { isProblem, lineBytesMax, readClaim } = await import('./claim-line.ts');
  const { linesOf } = await import('./lines.ts');
  const stream = source.open();
  const stop = interruption.onRequest(() => stream.destroy());
  try {
    for await (const line of linesOf(stream, lineBytesMax)) {
      if (interruption.isRequested) return;
      const read = readClaim(line);
      if (read === undefined) continue;
      yield isProblem(read) ? { line: line.number, problem: read } : { line: line.number, content: read };
    }
  } catch (error) {
    if (!interruption.isRequested) throw error;
  } finally {
    stop();
    stream.destroy();
  }
}
