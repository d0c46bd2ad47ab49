import type { Catalogue } from '../catalogue.ts';
import { play, type PlayedRun } from '../play.ts';
import type { CaseSize, MinimizerPass, SlippedFailure } from '../run-record.ts';
import type { RunPlan } from '../run-plan.ts';
import { type Candidate, keyOf } from './candidate.ts';
import { isSmaller, sizeOf } from './size.ts';

export interface SearchLimits {
  readonly triesMax: number;
  /** Says when real time is up. */
  isTimeUp(): boolean;
}

export interface Found {
  readonly played: PlayedRun;
  readonly candidate: Candidate;
  readonly size: CaseSize;
}

/** Only with so few left is it worth it to look around a run without a single one of them. */
const fewItems = 12;

/** Thrown out of a pass when there is nothing left to spend. */
export class BudgetSpent extends Error {
  constructor() {
    super('The budget is spent.');
    this.name = 'BudgetSpent';
  }
}

/** The smallest failing run so far, and how smaller ones are tried. Its result depends on the tries alone. */
export class Search {
  readonly passes: MinimizerPass[] = [];
  readonly #catalogue: Catalogue;
  readonly #plan: RunPlan;
  readonly #signature: string;
  readonly #limits: SearchLimits;
  readonly #known = new Set<string>();
  readonly #slipped = new Map<string, { signature: string; times: number; message: string }>();
  readonly #stepsMax: number | undefined;
  #best: Found;
  #tries = 0;
  #pass = { name: '', tries: 0, accepted: 0 };

  constructor(catalogue: Catalogue, plan: RunPlan, first: Found, limits: SearchLimits) {
    this.#catalogue = catalogue;
    this.#plan = plan;
    this.#best = first;
    this.#limits = limits;
    const { signature, steps } = first.played.record;
    if (signature === null) throw new TypeError('A run that held has nothing to minimize.');
    this.#signature = signature;
    // What loses its way must not take for ever; of a livelock the end is the failure.
    this.#stepsMax = signature.includes('LIVELOCK') ? undefined : 4 * steps + 10_000;
  }

  get best(): Found {
    return this.#best;
  }

  get tries(): number {
    return this.#tries;
  }

  get slipped(): readonly SlippedFailure[] {
    return [...this.#slipped.values()];
  }

  /** Everything tried from now on is counted under `name`. */
  begin(name: string): void {
    this.end();
    this.#pass = { name, tries: 0, accepted: 0 };
  }

  end(): void {
    if (this.#pass.tries > 0) this.passes.push({ ...this.#pass, size: this.#best.size });
    this.#pass.tries = 0;
  }

  /**
   * Plays `candidate`, unless it has been: whether it fails in the same way and is smaller. If so it is the best
   * from now on, as it was recorded. Throws `BudgetSpent`.
   */
  async attempt(candidate: Candidate): Promise<boolean> {
    const key = keyOf(candidate);
    if (this.#known.has(key)) return false;
    if (this.#tries >= this.#limits.triesMax || this.#limits.isTimeUp()) throw new BudgetSpent();
    this.#known.add(key);
    this.#tries += 1;
    this.#pass.tries += 1;
    const found = await playCandidate(this.#catalogue, this.#plan, candidate, this.#stepsMax);
    const { signature } = found.played.record;
    if (signature !== this.#signature) {
      if (signature !== null) this.#slip(signature, found.played.failure?.message ?? '');
      return false;
    }
    if (!isSmaller(found.size, this.#best.size)) return false;
    this.#best = found;
    this.#pass.accepted += 1;
    return true;
  }

  /**
   * Takes as many of `items` away as it can: all, halves, and so on down to single ones, in their order.
   * `without` makes the candidate; `nearby` others to try when that one does not fail.
   */
  async takeAway<T>(
    items: readonly T[],
    without: (best: Candidate, taken: readonly T[]) => Candidate,
    nearby: (candidate: Candidate) => readonly Candidate[] = () => [],
  ): Promise<void> {
    const left = [...items];
    for (let chunk = left.length; chunk >= 1; chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)) {
      for (let from = 0; from < left.length;) {
        const candidate = without(this.#best.candidate, left.slice(from, from + chunk));
        const others = chunk > 1 || left.length <= fewItems ? nearby(candidate) : [];
        if ((await this.attempt(candidate)) || (await this.#attemptAny(others))) {
          left.splice(from, chunk);
        } else {
          from += chunk;
        }
      }
    }
  }

  async #attemptAny(candidates: readonly Candidate[]): Promise<boolean> {
    for (const candidate of candidates) if (await this.attempt(candidate)) return true;
    return false;
  }

  #slip(signature: string, message: string): void {
    const known = this.#slipped.get(signature);
    if (known === undefined) this.#slipped.set(signature, { signature, times: 1, message });
    else known.times += 1;
  }
}

export async function playCandidate(
  catalogue: Catalogue,
  plan: RunPlan,
  { tape, overtakings, shuffle }: Candidate,
  stepsMax?: number,
): Promise<Found> {
  const schedule = shuffle === undefined ? { overtakings } : { shuffle };
  const replay = { mode: 'steps', tape, ...schedule } as const;
  return foundIn(await play(catalogue, plan, { replay, record: true, observe: true, stepsMax }));
}

/** `played` must have been recorded and observed. */
export function foundIn(played: PlayedRun): Found {
  const { tape, observed } = played;
  if (tape === undefined) throw new TypeError('Only a recorded run can be minimized.');
  const { pick: _, ...schedule } = tape.schedule;
  const candidate = { tape: { ...tape, schedule }, overtakings: observed.overtakings };
  return { played, candidate, size: sizeOf(played) };
}
