import { readOrCreateSecretKey } from '../../host/index.ts';
import type { Ports } from '../../ports/index.ts';
import { requireAgentName } from './agent-name.ts';
import { Interruption } from './interruption.ts';
import type { LineKind } from './line-kind.ts';
import { readLines } from './line-reader.ts';
import type { LineSource } from './line-source.ts';
import { Output } from './output.ts';
import { ProblemList } from './problem-list.ts';
import type { Sink } from './sink.ts';
import { Submission } from './submission.ts';
import { counted, tell } from './text.ts';

const exitCodes = { done: 0, refused: 1, interrupted: 130 } as const;

/** Lines that an agent is to sign, and where they are to go. */
export interface Lines<T extends object> {
  readonly kind: LineKind<T>;
  readonly source: LineSource;
  readonly agent: string;
  readonly keepGoing: boolean;
  /** Called once nothing of the source is refused any more. */
  open(): Promise<Destination>;
}

/** Where signed lines go. */
export interface Destination {
  /** Where the keys of agents are. */
  readonly keys: string;
  withSink<T>(body: (sink: Sink, ports: Ports) => Promise<T>): Promise<T>;
}

/** Signs and submits what a source holds, a line each. Returns the exit code. */
export async function submitLines<T extends object>(lines: Lines<T>): Promise<number> {
  const { kind, source, agent, keepGoing } = lines;
  requireAgentName(agent);
  const interruption = new Interruption();
  try {
    if (source.isRepeatable && !keepGoing) {
      const refused = await countRefused(source, kind, interruption);
      if (interruption.isRequested) return exitCodes.interrupted;
      if (refused > 0) {
        tell(
          `nothing was submitted: ${counted(refused, 'line')} of ${source.name} refused. ` +
            'Mend what is listed above, or take the others with --keep-going.',
        );
        return exitCodes.refused;
      }
    }
    return await submitAll(lines, interruption);
  } finally {
    interruption.end();
  }
}

/** Reads all of it and shows what is wrong. */
async function countRefused<T extends object>(
  source: LineSource,
  kind: LineKind<T>,
  interruption: Interruption,
): Promise<number> {
  const problems = new ProblemList(tell);
  for await (const read of readLines(source, kind, interruption)) {
    if ('problem' in read) problems.add(read.problem);
  }
  problems.finish();
  return problems.count;
}

async function submitAll<T extends object>(lines: Lines<T>, interruption: Interruption): Promise<number> {
  const { kind, source, agent, keepGoing } = lines;
  const begun = performance.now();
  const { keys, withSink } = await lines.open();
  const output = new Output(process.stdout);
  const problems = new ProblemList(tell);
  return withSink(async (sink, ports) => {
    const { entropy, scheduler, signatures } = ports;
    const secretKey = await readOrCreateSecretKey(keys, agent, entropy);
    const submission = new Submission<T>(scheduler, output, sink.inFlightMax, (content) =>
      kind.submit(sink, content, { secretKey, signatures }),
    );
    for await (const read of readLines(source, kind, interruption)) {
      if ('content' in read) {
        await submission.add(read.line, read.content);
      } else {
        problems.add(read.problem);
        if (!keepGoing) break;
      }
      if (submission.isEnded) break;
    }
    await submission.finish();
    problems.finish();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const { acknowledged } = submission;
    const are = acknowledged === 1 ? 'is' : 'are';
    tell(`${counted(acknowledged, kind.noun)} of agent "${agent}" ${are} durable (${seconds} s)`);
    const exitCode = verdict(lines, submission, output, interruption, problems);
    await sink.settle(submission.endOffset).catch((error: unknown) => {
      tell('all that is durable is safe in the log; the store takes it in once this is mended:');
      throw error;
    });
    return exitCode;
  });
}

/** Says why that is not all, if it is not. */
function verdict<T extends object>(
  { kind, keepGoing }: Lines<T>,
  { lastLine, unknown }: Submission<T>,
  output: Output,
  interruption: Interruption,
  problems: ProblemList,
): number {
  if (unknown !== undefined) {
    const fate = unknown.indeterminate ? 'may be in the log or not' : 'were not all taken';
    tell(
      `${counted(unknown.lines, kind.noun)} from line ${unknown.firstLine} on ${fate}. ` +
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
    keepGoing
      ? `${counted(problems.count, 'line')} refused; all others were taken`
      : 'stopped at the line that was refused; those before it were taken',
  );
  return exitCodes.refused;
}
