import type { Catalogue } from './catalogue.ts';
import { play } from './play.ts';
import { type RunFile, toRunFile } from './run-file.ts';
import type { RunRecord } from './run-record.ts';
import { hungRun, isHang } from './watchdog/hang.ts';

/** Plays a run again with every choice recorded, unless it hangs: then nothing is known of it but its seed. */
export async function recordRun(catalogue: Catalogue, record: RunRecord, mutant?: string): Promise<RunFile> {
  const { arena, scenario, strategy, seed, run } = record;
  const played = isHang(record)
    ? hungRun(record, catalogue.scenarios.get(scenario)!)
    : await play(catalogue, { arena, scenario, strategy, seed, run }, { record: true });
  return toRunFile(played, mutant);
}
