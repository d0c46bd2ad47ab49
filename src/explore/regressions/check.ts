import type { AnchoredFault, FaultPlan } from '../../arena/index.ts';
import type { Play, PlayedRun } from '../play.ts';
import { type KeptCase, tapeOf, tellingOf } from './kept-case.ts';
import { nearMisses } from './near-misses.ts';

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
 * Plays a kept case as it was kept, and as it would be after an unrelated change of the code, which moves what the
 * anchors count by one or two, or calls a file otherwise, and must hide no failure.
 */
export async function checkKeptCase(play: Play, kept: KeptCase): Promise<CaseCheck> {
  const asKept = await playKept(play, kept, kept.faults);
  const { signature } = asKept.record;
  if (signature === kept.signature) return check(kept, 'reproduced', asKept);
  let other = signature === null ? undefined : asKept;
  for (const { name, faults } of nearMisses(kept.faults, asKept)) {
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
 * The case as it is told by the run that decided: by what moved anchors have become, in the format and with the digest
 * of today. `undefined` for what is stale or fails otherwise, which tells nothing, for what is up to date, and for what
 * is not the same failure when it is told so.
 */
export async function updatedCase(
  play: Play,
  kept: KeptCase,
  { outcome, moved, played }: CaseCheck,
): Promise<KeptCase | undefined> {
  if (outcome !== 'fixed' && outcome !== 'reproduced') return undefined;
  // Where a bug is gone, a run does not tell all that it takes to see it again.
  if (outcome === 'fixed' || (moved === undefined && kept.format === 2)) {
    const { digest } = played.record;
    return digest === kept.digest ? undefined : { ...kept, digest };
  }
  const retold: KeptCase = { ...kept, format: 2, ...tellingOf(played) };
  const { signature, digest } = (await playKept(play, retold, retold.faults)).record;
  return signature === kept.signature ? { ...retold, digest } : undefined;
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
  const planned: FaultPlan = { faults, kinds: kept.format === 1 ? 'first' : 'all' };
  return play(plan, {
    scenario,
    replay: { mode: 'steps', tape, overtakings: schedule, faults: planned, knobs, omitsUnlisted: true },
    record: true,
    observe: true,
  });
}
