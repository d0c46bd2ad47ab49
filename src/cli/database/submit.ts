import { readOrCreateSecretKey } from '../../host/index.ts';
import { UsageError } from '../usage-error.ts';
import { claimsOf } from './claim-reader.ts';
import { type ClaimSource, claimSource } from './claim-source.ts';
import type { SubmitArguments } from './commands.ts';
import { newOrExistingDatabase, withDatabase } from './data-directory.ts';
import { Interruption } from './interruption.ts';
import { Output } from './output.ts';
import { ProblemList } from './problem-list.ts';
import { Submission } from './submission.ts';
import { counted, tell } from './text.ts';

const exitCodes = { done: 0, refused: 1, interrupted: 130 } as const;

/** Signs and submits what a file or standard input holds. Returns the exit code. */
export async function submit(args: SubmitArguments): Promise<number> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(args.agent)) {
    throw new UsageError(
      `--agent takes up to 64 letters, digits, dots, hyphens and underscores, not "${args.agent}".`,
    );
  }
  const source = await claimSource(args.file);
  const interruption = new Interruption();
  try {
    if (source.isRepeatable && !args['keep-going']) {
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
  const problems = new ProblemList(tell);
  for await (const read of claimsOf(source, interruption)) {
    if ('problem' in read) problems.add(read.problem);
  }
  problems.finish();
  return problems.count;
}

async function submitAll(
  args: SubmitArguments,
  source: ClaimSource,
  interruption: Interruption,
): Promise<number> {
  const begun = performance.now();
  const directory = await newOrExistingDatabase(args.data);
  const output = new Output(process.stdout);
  const problems = new ProblemList(tell);
  return withDatabase(directory, async (db, ports) => {
    const secretKey = await readOrCreateSecretKey(`${directory}/keys`, args.agent, ports.entropy);
    const submission = new Submission(db, ports, secretKey, output);
    for await (const read of claimsOf(source, interruption)) {
      if ('content' in read) {
        await submission.add(read.line, read.content);
      } else {
        problems.add(read.problem);
        if (!args['keep-going']) break;
      }
      if (submission.isEnded) break;
    }
    await submission.finish();
    problems.finish();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const { acknowledged } = submission;
    const are = acknowledged === 1 ? 'is' : 'are';
    tell(`${counted(acknowledged, 'claim')} of agent "${args.agent}" ${are} durable (${seconds} s)`);
    const exitCode = verdict(args, submission, output, interruption, problems);
    await db.waitUntilOffset(submission.endOffset).catch((error: unknown) => {
      tell('all that is durable is safe in the log; the store takes it in once this is mended:');
      throw error;
    });
    return exitCode;
  });
}

/** Says why that is not all, if it is not. */
function verdict(
  args: SubmitArguments,
  { lastLine, unknown }: Submission,
  output: Output,
  interruption: Interruption,
  problems: ProblemList,
): number {
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
      : 'stopped at the line that was refused; those before it were taken',
  );
  return exitCodes.refused;
}
