import type { Arena } from '../arena/index.ts';
import { catalogueOf, play, readRunFile, type RunFile, toRunFile } from '../explore/index.ts';
import { failureBlock, styleFor } from '../report/index.ts';
import { kindOf, type RecordedFailure } from './failure-files.ts';

/** Names a file of a run that is to be played again, instead of anything else. */
const replayVariable = 'STEMEDB_SIM_REPLAY';

/** What came of the run that is to be replayed, without a `failure` when it held; `undefined` when none is. */
export async function replayFor(
  arena: Arena,
): Promise<{ readonly failure?: RecordedFailure } | 'of another arena' | undefined> {
  const named = process.env[replayVariable];
  if (named === undefined || named === '') return undefined;
  const file = await readRunFile(named);
  if (file.record.arena !== arena.name) return 'of another arena';
  const played = await replayed(arena, file);
  if (played.failure === null) return {};
  const same = played.record.digest === file.record.digest;
  const verdict = same ? 'the same digest, step for step' : 'the digest differs: the code has changed since';
  const context = {
    kind: kindOf(arena, played.record.property),
    replay: undefined,
    runs: undefined,
  } as const;
  const block = failureBlock(played, context, styleFor(process.stdout, process.env));
  return { failure: { text: `${block}\n  Replayed ${named}: ${verdict}` } };
}

async function replayed(arena: Arena, { record, profile, scenario, tape }: RunFile): Promise<RunFile> {
  const { arena: name, scenario: played, strategy, seed, run } = record;
  const catalogue = await catalogueOf(arena, [scenario]);
  const plan = { arena: name, scenario: played, strategy, seed, run };
  const again = await play(catalogue, plan, { replay: { mode: 'strict', tape }, profile });
  return toRunFile({ ...again, tape }, undefined);
}
