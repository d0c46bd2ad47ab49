import type { AnchoredFault, Landmark } from '../../arena/index.ts';
import { plainFault, type Play, type PlayedRun } from '../play.ts';
import { type KeptCase, tapeOf } from './kept-case.ts';

/** The choice of the mode `lose-all`: the third of ten. */
const loseAll = [10, 2] as const;

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
  /** What had to be changed for it to fail: `undefined` for nothing. */
  readonly moved: string | undefined;
}

/**
 * Plays a kept case as it was kept, and with its last fault a little earlier and later: an unrelated change of
 * the code moves what the landmarks count by one or two, and must hide no failure.
 */
export async function checkKeptCase(play: Play, kept: KeptCase): Promise<CaseCheck> {
  const asKept = await playKept(play, kept, kept.faults);
  const { signature } = asKept.record;
  if (signature === kept.signature) return check(kept, 'reproduced', asKept);
  let other = signature === null ? undefined : asKept;
  for (const { name, faults } of moves(kept.faults)) {
    const played = await playKept(play, kept, faults);
    if (played.record.signature === kept.signature) return check(kept, 'reproduced', played, name);
    if (played.record.signature !== null) other ??= played;
  }
  if (losesDetails(asKept)) {
    const name = 'everything is lost that may be';
    const played = await playKept(play, losingAll(kept), kept.faults);
    if (played.record.signature === kept.signature) return check(kept, 'reproduced', played, name);
    if (played.record.signature !== null) other ??= played;
  }
  if (other !== undefined) return check(kept, 'other-failure', other);
  return check(kept, anchorsMissed(asKept).length > 0 ? 'stale' : 'fixed', asKept);
}

/**
 * What the case is anchored by and the run gave no occasion to. What a crash did to single files is not: where
 * nothing was pending any more nothing could be lost, as when the bug was a sync that was missing.
 */
function anchorsMissed({ missed }: PlayedRun): readonly string[] {
  return missed.filter((one) => !isLoss(one));
}

function losesDetails({ missed }: PlayedRun): boolean {
  return missed.some(isLoss);
}

function isLoss(missed: string): boolean {
  return /^fault \S+:crash-\d+ /.test(missed);
}

/** As kept, but that every crash loses all that it may: no file needs to be found again by its name. */
function losingAll(kept: KeptCase): KeptCase {
  const faults = kept.faults.map((fault) => ({
    ...fault,
    choices: { [`${fault.machine}:crash-${fault.number} disk.crash`]: loseAll },
  }));
  return { ...kept, faults };
}

function check(kept: KeptCase, outcome: Outcome, played: PlayedRun, moved?: string): CaseCheck {
  const agrees = outcome === (kept.expect === 'fail' ? 'reproduced' : 'fixed');
  return { outcome, agrees, played, missed: anchorsMissed(played), moved };
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
  play: Play,
  kept: KeptCase,
  faults: readonly AnchoredFault[],
): Promise<PlayedRun> {
  const { arena, scenario, found, knobs, schedule } = kept;
  const plan = { arena, scenario: scenario.name, strategy: 'in-order', seed: found.seed, run: found.run };
  const tape = tapeOf(kept);
  return play(plan, {
    scenario,
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
  const others = faults.slice(0, -1);
  const moved = (name: string, at: Landmark): Move => ({ name, faults: [...others, { ...last, at }] });
  const { at } = last;
  const found: Move[] = [];
  for (const distance of distances) {
    const [stepsAfter, nth] = [at.stepsAfter + distance, at.nth + distance];
    const by = `its last fault comes ${distance}`;
    if (stepsAfter >= 0) found.push(moved(`${by} steps later`, { ...at, stepsAfter }));
    if (at.nth > 0 && nth > 0) found.push(moved(`${by} ${at.operation} later`, { ...at, nth }));
  }
  return found;
}
