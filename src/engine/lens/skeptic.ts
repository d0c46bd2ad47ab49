import { agreementAt, noResolution } from './agreement.ts';
import type { Candidate, Lens, LensFold, LensOptions, Resolution } from './lens.ts';
import { normalisedEntropy, shareOf } from './share.ts';
import { greaterFirst } from './standing.ts';
import { rankedGroup, type ValueGroup, ValueGroups } from './value-groups.ts';

export const skeptic: Lens = {
  name: 'skeptic',
  summary:
    'Nothing wins: each claimed value is shown with its share of the votes, and how much they conflict.',
  begin: (options) => new SkepticFold(options),
};

class SkepticFold implements LensFold {
  readonly #rankedMax: number;
  readonly #groups = new ValueGroups();
  #candidatesCount = 0;
  #weightMillionths = 0n;

  constructor({ rankedMax }: LensOptions) {
    this.#rankedMax = rankedMax;
  }

  add(candidate: Candidate): void {
    this.#candidatesCount += 1;
    this.#weightMillionths += candidate.votes.weightMillionths;
    this.#groups.add(candidate);
  }

  get bytes(): number {
    return this.#groups.bytes;
  }

  finish(): Resolution {
    // Where votes weigh nothing, each assertion is a vote of the same weight.
    const isVoted = this.#weightMillionths > 0n;
    const whole = isVoted ? this.#weightMillionths : BigInt(this.#candidatesCount);
    const partOf = ({ weightMillionths, supporters }: ValueGroup): bigint =>
      isVoted ? weightMillionths : BigInt(supporters);
    const groups = this.#groups.sorted((one, other) => greaterFirst(partOf(one), partOf(other)));
    const [top] = groups;
    if (top === undefined) return noResolution;
    const shares = groups.map((group) => shareOf(partOf(group), whole));
    const resolutionConfidence = shares[0]!;
    return {
      winner: undefined,
      candidatesCount: this.#candidatesCount,
      resolutionConfidence,
      conflictScore: normalisedEntropy(shares),
      agreement: partOf(top) === whole ? 'unanimous' : agreementAt(resolutionConfidence),
      ranked: groups.slice(0, this.#rankedMax).map((group, index) => rankedGroup(group, shares[index]!)),
    };
  }
}
