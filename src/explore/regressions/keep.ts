import type { Catalogue } from '../catalogue.ts';
import { exitCodes } from '../exit-code.ts';
import { play, type PlayedRun } from '../play.ts';
import type { RunFile } from '../run-file.ts';
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
export async function keep(catalogue: Catalogue, file: RunFile, options: KeepOptions): Promise<KeptCase> {
  const { name, commit } = options;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw new NotKeptError(`"${name}" is no name: use lower-case letters, digits and hyphens`);
  }
  const { record } = file;
  if (record.signature === null) throw new NotKeptError('the run held');
  const played = await replayed(catalogue, file);
  if (played.record.signature !== record.signature) {
    throw new NotKeptError(`it does not fail now, but ${played.record.signature ?? 'holds'}`);
  }
  const steps = (file.minimized?.story ?? []).map(
    ({ timeMicros, who, text, mark }) =>
      `t=${timeMicros / 1000}ms ${who}: ${text}${mark === null ? '' : ` <- ${mark}`}`,
  );
  const kept = toKeptCase(played, { name, steps, commit, mutant: file.mutant });
  const again = await playKept(catalogue, kept, kept.faults);
  if (again.record.signature !== kept.signature || again.missed.length > 0) {
    const became = again.record.signature ?? 'no failure';
    const missed = again.missed.length === 0 ? '' : `, and misses ${again.missed.join('; ')}`;
    throw new NotKeptError(`told by its landmarks it becomes ${became}${missed}`);
  }
  return { ...kept, digest: again.record.digest };
}

/** The case, expected to pass from now on. Throws `FixedError` unless it is fixed. */
export async function flipToFixed(catalogue: Catalogue, kept: KeptCase): Promise<KeptCase> {
  const { outcome, played } = await checkKeptCase(catalogue, kept);
  if (outcome !== 'fixed') throw new FixedError(kept.name, outcome);
  return { ...kept, expect: 'pass', digest: played.record.digest };
}

/** By its overtakings and landmarks, as everything is that was minimized; the seed's own schedule otherwise. */
async function replayed(catalogue: Catalogue, { record, tape, minimized }: RunFile): Promise<PlayedRun> {
  const { arena, scenario, strategy, seed, run } = record;
  const plan = { arena, scenario, strategy, seed, run };
  const first = await play(catalogue, plan, {
    replay: { mode: 'strict', tape: minimized?.tape ?? tape },
    record: true,
    observe: true,
  });
  if (minimized !== undefined) return first;
  // A tape by seed lists no operations; played by steps it does.
  const { overtakings } = first.observed;
  return play(catalogue, plan, {
    replay: { mode: 'steps', tape, overtakings },
    record: true,
    observe: true,
  });
}
