import { conflictOf, noResolution } from './agreement.ts';
import type { Candidate, LensFold, LensOptions, Ranked, Resolution } from './lens.ts';
import { Ranking } from './ranking.ts';
import { type Standing, standingOf } from './standing.ts';
import { valueIdentity } from './value-identity.ts';

export interface Totals {
  /** At least 1. */
  readonly candidatesCount: number;
  readonly weightMillionths: bigint;
}

/** How a lens ranks assertions. */
export interface AssertionRule {
  /** A total order: negative when `one` comes first. */
  compare(one: Standing, other: Standing): number;
  /** From 0 to 1; that of the winner is the confidence of the resolution. */
  share(standing: Standing, totals: Totals): number;
}

/** Measured on Node 20, and rounded up: one kept standing, and everything else. */
const standingBytes = 512;
const foldBytes = 1024;

/** Ranks assertions, and keeps no more of them than are asked for. */
export class AssertionFold implements LensFold {
  readonly #rule: AssertionRule;
  readonly #rankedMax: number;
  readonly #ranking: Ranking<Standing>;
  #candidatesCount = 0;
  #weightMillionths = 0n;
  #firstValue: string | undefined;
  #isUnanimous = true;

  constructor(rule: AssertionRule, { rankedMax }: LensOptions) {
    this.#rule = rule;
    this.#rankedMax = rankedMax;
    this.#ranking = new Ranking(Math.max(1, rankedMax), rule.compare);
  }

  add(candidate: Candidate): void {
    this.#candidatesCount += 1;
    this.#weightMillionths += candidate.votes.weightMillionths;
    if (this.#isUnanimous) {
      const value = valueIdentity(candidate.assertion.object);
      this.#firstValue ??= value;
      this.#isUnanimous = value === this.#firstValue;
    }
    this.#ranking.offer(standingOf(candidate));
  }

  get bytes(): number {
    return foldBytes + standingBytes * this.#ranking.best.length;
  }

  finish(): Resolution {
    const [winner] = this.#ranking.best;
    if (winner === undefined) return noResolution;
    const totals = { candidatesCount: this.#candidatesCount, weightMillionths: this.#weightMillionths };
    const resolutionConfidence = this.#rule.share(winner, totals);
    return {
      winner: winner.hash,
      candidatesCount: this.#candidatesCount,
      resolutionConfidence,
      ...conflictOf(this.#isUnanimous, resolutionConfidence),
      ranked: this.#ranking.best
        .slice(0, this.#rankedMax)
        .map((standing) => rankedOf(standing, this.#rule.share(standing, totals))),
    };
  }
}

function rankedOf({ hash, lifecycle, timestamp, weightMillionths }: Standing, share: number): Ranked {
  return { hash, lifecycle, timestamp, weightMillionths, supporters: 1, share };
}
