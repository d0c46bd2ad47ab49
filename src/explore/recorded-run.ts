import type { Catalogue } from './catalogue.ts';
import { hungRun, isHang } from './hang.ts';
import { play } from './play.ts';
import { type RunFile, type RunTrace, toRunFile } from './run-file.ts';
import type { RunRecord } from './run-record.ts';

/** Plays a run again with every choice recorded, unless it hangs: then nothing is known of it but its seed. */
export async function recordRun(catalogue: Catalogue, record: RunRecord, mutant?: string): Promise<RunFile> {
  const { arena, scenario, strategy, seed, run } = record;
  const played = isHang(record)
    ? hungRun(record, catalogue.scenarios.get(scenario)!)
    : await play(catalogue, { arena, scenario, strategy, seed, run }, { record: true });
  return toRunFile(played, mutant);
}

/** The trace of a recorded run, in its minimized form if it has one; `undefined` when the code does not play it any more. */
export async function traceRun(catalogue: Catalogue, file: RunFile): Promise<RunTrace | undefined> {
  const { record, tape } = file.minimized ?? file;
  const { arena, scenario, strategy, seed, run } = record;
  const replay = { mode: 'strict', tape } as const;
  const { profile } = file;
  const played = await play(
    catalogue,
    { arena, scenario, strategy, seed, run },
    { replay, trace: true, profile },
  );
  return played.record.digest === record.digest ? played.trace : undefined;
}
