import { Readable } from 'node:stream';
import { ValidationError } from '../../engine/index.ts';
import { UsageError } from '../usage-error.ts';
import type { VoteArguments } from './commands.ts';
import { destinationOf } from './destination.ts';
import { votes } from './line-kind.ts';
import { type LineSource, lineSource } from './line-source.ts';
import { submitLines } from './submit-lines.ts';

/** Signs and casts one vote, or what a file or standard input holds. Returns the exit code. */
export async function vote(args: VoteArguments): Promise<number> {
  const open = destinationOf(args, 'refused');
  const source = await sourceOf(args);
  return submitLines({ kind: votes, source, agent: args.agent, keepGoing: args['keep-going'], open });
}

async function sourceOf({ what, weight, timestamp }: VoteArguments): Promise<LineSource> {
  const isHash = /^[0-9a-f]{64}$/i.test(what);
  if (weight === undefined) {
    if (isHash) throw new UsageError('Say how much weight the vote has: stemedb vote ... HASH WEIGHT.');
    if (timestamp !== undefined)
      throw new UsageError('--timestamp goes with one vote: lines have their own.');
    return lineSource(what);
  }
  if (!isHash) throw new UsageError(`A hash has 64 hexadecimal digits, unlike "${what}".`);
  const line = {
    assertionHash: what.toLowerCase(),
    weight: Number(weight),
    timestamp: timestamp ?? Date.now(),
  };
  try {
    votes.parse(line);
  } catch (error) {
    if (error instanceof ValidationError) throw new UsageError(`${error.message}.`.replace(/\.\.$/, '.'));
    throw error;
  }
  const bytes = Buffer.from(JSON.stringify(line));
  return { name: 'the command line', isRepeatable: true, open: () => Readable.from([bytes]) };
}
