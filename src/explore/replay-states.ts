import type { ReplayStates } from '../sim/index.ts';
import type { Catalogue } from './catalogue.ts';
import { play } from './play.ts';
import type { RunFile, RunTrace } from './run-file.ts';

/** A run played again, and what the world was like after each of its steps. */
export interface Replayed {
  readonly trace: RunTrace;
  readonly states: ReplayStates;
}

/** More than a minimized case has, and as much as a page can hold: of a longer run the last ones are kept. */
const stepsMax = 2_000;
const bytesMax = 2_000_000;

/**
 * Replays a run file strictly: of a minimized one the minimized run. `undefined` when the code does not play it any
 * more. A bug that it had planted must be planted before anything that it changes is loaded.
 *
 * The run is not changed by being looked at: its digest is that of the file.
 */
export async function replayStates(catalogue: Catalogue, file: RunFile): Promise<Replayed | undefined> {
  const { record, tape } = file.minimized ?? file;
  const { arena, scenario, strategy, seed, run } = file.record;
  const played = await play(
    catalogue,
    { arena, scenario, strategy, seed, run },
    {
      replay: { mode: 'strict', tape },
      trace: true,
      profile: file.profile,
      states: { fromStep: Math.max(0, record.steps - stepsMax), bytesMax },
    },
  );
  const { trace, states } = played;
  if (played.record.digest !== record.digest || trace === undefined || states === undefined) return undefined;
  return { trace, states };
}

/** The last frame that is no later than `step`, faults right after it included; -1 when all are later. */
export function indexOfStep({ frames }: ReplayStates, step: number): number {
  return frames.findLastIndex((frame) => frame.step <= step);
}
