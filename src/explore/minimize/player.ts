import type { Catalogue } from '../catalogue.ts';
import { play, type PlayedRun, type PlayOptions } from '../play.ts';
import type { RunPlan } from '../run-plan.ts';
import type { CaseSize } from '../run-record.ts';
import type { Candidate } from './candidate.ts';
import { sizeOf } from './size.ts';

/** A run that fails as it should. */
export interface Found {
  readonly candidate: Candidate;
  readonly size: CaseSize;
  readonly digest: string;
}

/** What came of a candidate: no failure has no signature. */
export interface Tried {
  readonly signature: string | null;
  readonly message: string;
  /** How long the run was. */
  readonly steps: number;
  /** Only of the failure that is looked for. */
  readonly found: Found | undefined;
}

/** Plays candidates, in this thread or in others. */
export interface Player {
  /** How many can be played at a time. */
  readonly width: number;
  play(candidate: Candidate, stepsMax: number | undefined): Promise<Tried>;
  /** Plays the run that is minimized in another way. */
  replay(options: PlayOptions): Promise<PlayedRun>;
  close(): Promise<void>;
}

/** Plays in this thread. */
export class LocalPlayer implements Player {
  readonly width = 1;
  readonly #catalogue: Catalogue;
  readonly #plan: RunPlan;
  readonly #signature: string;

  /** `signature`: of the failure that is looked for. */
  constructor(catalogue: Catalogue, plan: RunPlan, signature: string) {
    this.#catalogue = catalogue;
    this.#plan = plan;
    this.#signature = signature;
  }

  async play(candidate: Candidate, stepsMax?: number): Promise<Tried> {
    const tried = await this.#play(candidate, stepsMax);
    if (tried.found === undefined || candidate.shuffle === undefined) return tried;
    // Told by its own choices from now on; and told so it must fail, too.
    return this.#play(tried.found.candidate, stepsMax);
  }

  replay(options: PlayOptions): Promise<PlayedRun> {
    return play(this.#catalogue, this.#plan, options);
  }

  async close(): Promise<void> {}

  async #play(candidate: Candidate, stepsMax?: number): Promise<Tried> {
    const played = await playCandidate(this.#catalogue, this.#plan, candidate, stepsMax);
    const { signature, steps } = played.record;
    const message = played.failure?.message ?? '';
    return { signature, message, steps, found: signature === this.#signature ? foundIn(played) : undefined };
  }
}

export async function playCandidate(
  catalogue: Catalogue,
  plan: RunPlan,
  candidate: Candidate,
  stepsMax?: number,
): Promise<PlayedRun> {
  return play(catalogue, plan, replayOf(candidate, stepsMax));
}

/** How a candidate is played. */
export function replayOf({ tape, overtakings, shuffle }: Candidate, stepsMax?: number): PlayOptions {
  const schedule = shuffle === undefined ? { overtakings } : { shuffle };
  return { replay: { mode: 'steps', tape, ...schedule }, record: true, observe: true, stepsMax };
}

/** `played` must have been recorded and observed. */
export function foundIn(played: PlayedRun): Found {
  const { tape, observed, record } = played;
  if (tape === undefined) throw new TypeError('Only a recorded run can be minimized.');
  const { pick: _, ...schedule } = tape.schedule;
  const candidate = { tape: { ...tape, schedule }, overtakings: observed.overtakings };
  return { candidate, size: sizeOf(played), digest: record.digest };
}
