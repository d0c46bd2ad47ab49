import type { AnchoredFault, Landmark } from '../../arena/index.ts';
import type { Catalogue } from '../catalogue.ts';
import { plainFault, play, type PlayedRun } from '../play.ts';
import { type KeptCase, tapeOf } from './kept-case.ts';

export type Outcome =
  /** It fails as it did. */
  | 'reproduced'
  /** Everything that it tells came about, and the property holds. */
  | 'fixed'
  /** Something that it tells did not come about: it says nothing about the code as it is now. */
  | 'stale'
  /** It fails, but otherwise. */
  | 'other-failure';

export interface CaseCheck {
  readonly outcome: Outcome;
  /** Whether that is what the case expects. */
  readonly agrees: boolean;
  /** The run that decided. */
  readonly played: PlayedRun;
  /** What it tells that did not come about. */
  readonly missed: readonly string[];
  /** How far the faults had to be moved: `undefined` for as kept. */
  readonly moved: string | undefined;
}

/**
 * Plays a kept case as it was kept, and with its last fault a little earlier and later: an unrelated change of
 * the code moves what the landmarks count by one or two, and must hide no failure.
 */
export async function checkKeptCase(catalogue: Catalogue, kept: KeptCase): Promise<CaseCheck> {
  const asKept = await playKept(catalogue, kept, kept.faults);
  const { signature } = asKept.record;
  if (signature === kept.signature) return check(kept, 'reproduced', asKept);
  let other = signature === null ? undefined : asKept;
  for (const { name, faults } of moves(kept.faults)) {
    const played = await playKept(catalogue, kept, faults);
    if (played.record.signature === kept.signature) return check(kept, 'reproduced', played, name);
    if (played.record.signature !== null) other ??= played;
  }
  if (other !== undefined) return check(kept, 'other-failure', other);
  return check(kept, asKept.missed.length > 0 ? 'stale' : 'fixed', asKept);
}

function check(kept: KeptCase, outcome: Outcome, played: PlayedRun, moved?: string): CaseCheck {
  const agrees = outcome === (kept.expect === 'fail' ? 'reproduced' : 'fixed');
  return { outcome, agrees, played, missed: played.missed, moved };
}

/**
 * The case as it is told by the run that decided: new landmarks where the fault had to be moved, and the digest
 * of today. `undefined` for what is stale or fails otherwise, which tells nothing, and for what is up to date.
 */
export function updatedCase(kept: KeptCase, { outcome, moved, played }: CaseCheck): KeptCase | undefined {
  const { digest } = played.record;
  if (outcome === 'fixed' && digest !== kept.digest) return { ...kept, digest };
  if (outcome !== 'reproduced' || (moved === undefined && digest === kept.digest)) return undefined;
  const faults = kept.faults.map((fault, index) => {
    const { at } = played.observed.faults[index] ?? fault;
    return { ...fault, at, told: plainFault({ ...fault, at }) };
  });
  return { ...kept, faults, digest };
}

/** One play of a kept case. */
export async function playKept(
  catalogue: Catalogue,
  kept: KeptCase,
  faults: readonly AnchoredFault[],
): Promise<PlayedRun> {
  const { arena, scenario, found, knobs, schedule } = kept;
  const scenarios = new Map([...catalogue.scenarios, [scenario.name, scenario]]);
  const plan = { arena, scenario: scenario.name, strategy: 'in-order', seed: found.seed, run: found.run };
  const tape = tapeOf(kept);
  return play({ ...catalogue, scenarios }, plan, {
    replay: { mode: 'steps', tape, overtakings: schedule, faults, knobs, omitsUnlisted: true },
    record: true,
    observe: true,
  });
}

interface Move {
  readonly name: string;
  readonly faults: readonly AnchoredFault[];
}

const distances = [1, -1, 2, -2, 3, -3];

function moves(faults: readonly AnchoredFault[]): Move[] {
  const last = faults.at(-1);
  if (last === undefined) return [];
  const moved = (name: string, at: Landmark): Move => ({ name, faults: faults.with(-1, { ...last, at }) });
  const { at } = last;
  return distances.flatMap((distance) => [
    ...(at.stepsAfter + distance >= 0
      ? [moved(`${distance} steps`, { ...at, stepsAfter: at.stepsAfter + distance })]
      : []),
    ...(at.nth + distance >= 1 && at.nth > 0
      ? [moved(`${distance} ${at.operation}`, { ...at, nth: at.nth + distance })]
      : []),
  ]);
}
