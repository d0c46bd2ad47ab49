import { exitCodes } from '../exit-code.ts';
import type { Play, PlayedRun } from '../play.ts';
import type { RunFile } from '../run-file.ts';
import { measuringPlan, type RunPlan } from '../run-plan.ts';
import { isHang } from '../watchdog/hang.ts';
import { checkKeptCase, playKept } from './check.ts';
import { type KeptCase, toKeptCase } from './kept-case.ts';

/** The case does not fail now, or not as it was found: it would keep nothing. */
export class NotKeptError extends Error {
  readonly code = 'SIM_NOT_KEPT';
  readonly exitCode = exitCodes.counterexample;

  constructor(reason: string) {
    super(`Not kept: ${reason}.`);
    this.name = 'NotKeptError';
  }
}

/** The case is not known to be fixed. */
export class FixedError extends Error {
  readonly code = 'SIM_NOT_FIXED';
  readonly exitCode = exitCodes.counterexample;

  constructor(name: string, outcome: string) {
    super(`"${name}" is not fixed: it is ${outcome}. "stemedb-sim regress ${name}" tells more.`);
    this.name = 'FixedError';
  }
}

export interface KeepOptions {
  /** Lower-case letters, digits and hyphens: also the name of its file. */
  readonly name: string;
  /** Of the sources that it fails with. */
  readonly commit: string | null;
}

/**
 * Makes a kept case of a run, its minimized form if it has one. Plays it as recorded and as kept, and throws
 * `NotKeptError` unless both fail as it did when it was found.
 */
export async function keep(play: Play, file: RunFile, options: KeepOptions): Promise<KeptCase> {
  const { name, commit } = options;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw new NotKeptError(`"${name}" is no name: use lower-case letters, digits and hyphens`);
  }
  const { record } = file;
  if (record.signature === null) throw new NotKeptError('the run held');
  const played = await replayed(play, file);
  if (played.record.signature !== record.signature) {
    throw new NotKeptError(`it does not fail now, but ${played.record.signature ?? 'holds'}`);
  }
  const steps = (file.minimized?.story ?? []).map(
    ({ timeMicros, who, text, mark }) =>
      `t=${timeMicros / 1000}ms ${who}: ${text}${mark === null ? '' : ` <- ${mark}`}`,
  );
  const kept = toKeptCase(played, { name, steps, commit, mutant: file.mutant });
  const again = await playKept(play, kept, kept.faults);
  if (again.record.signature !== kept.signature || again.missed.length > 0) {
    const became = again.record.signature ?? 'no failure';
    const missed = again.missed.length === 0 ? '' : `, and misses ${again.missed.join('; ')}`;
    throw new NotKeptError(`told by its landmarks it becomes ${became}${missed}`);
  }
  return { ...kept, digest: again.record.digest };
}

/** The case, expected to pass from now on. Throws `FixedError` unless it is fixed. */
export async function flipToFixed(play: Play, kept: KeptCase): Promise<KeptCase> {
  const { outcome, played } = await checkKeptCase(play, kept);
  if (outcome !== 'fixed') throw new FixedError(kept.name, outcome);
  return { ...kept, expect: 'pass', digest: played.record.digest };
}

/** By its overtakings and landmarks, as everything is that was minimized; the seed's own schedule otherwise. */
async function replayed(play: Play, { record, profile, tape, minimized }: RunFile): Promise<PlayedRun> {
  const { arena, scenario, strategy, seed, run } = record;
  const plan = { arena, scenario, strategy, seed, run };
  if (isHang(record)) return beforeHang(play, plan, profile);
  const first = await play(plan, {
    replay: { mode: 'strict', tape: minimized?.tape ?? tape },
    record: true,
    observe: true,
  });
  if (minimized !== undefined) return first;
  // A tape by seed lists no operations; played by steps it does.
  const { overtakings } = first.observed;
  return play(plan, {
    replay: { mode: 'steps', tape, overtakings },
    record: true,
    observe: true,
  });
}

/**
 * What hangs leaves nothing behind: so it is played twice, the second time only until right before that. It may be the
 * walk by which a strategy is measured that hangs, and the run itself never begins.
 */
async function beforeHang(play: Play, plan: RunPlan, profile: RunFile['profile']): Promise<PlayedRun> {
  for (const tried of [plan, measuringPlan(plan)]) {
    const hung = await play(tried, { tellsSteps: true, profile });
    if (!isHang(hung.record)) return hung;
    const options = { record: true, observe: true, stepsUntil: Math.max(0, hung.record.steps - 1) };
    const { record, tape, observed } = await play(tried, { ...options, profile });
    if (isHang(record) || tape === undefined) continue;
    const { overtakings } = observed;
    const told = await play(tried, { ...options, replay: { mode: 'steps', tape, overtakings } });
    return { ...told, record: hung.record, failure: hung.failure };
  }
  throw new NotKeptError('it hangs before anything has happened');
}
