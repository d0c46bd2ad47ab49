import type { SubmitArguments } from './commands.ts';
import { destinationOf } from './destination.ts';
import { claims } from './line-kind.ts';
import { lineSource } from './line-source.ts';
import { submitLines } from './submit-lines.ts';

/** Signs and submits what a file or standard input holds. Returns the exit code. */
export async function submit(args: SubmitArguments): Promise<number> {
  const open = destinationOf(args, 'made');
  const source = await lineSource(args.file);
  return submitLines({ kind: claims, source, agent: args.agent, keepGoing: args['keep-going'], open });
}
