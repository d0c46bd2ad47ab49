import { conflictOf, noResolution } from './agreement.ts';
import type { Candidate, Lens, LensFold, LensOptions, Resolution } from './lens.ts';
import { rankedGroup, type ValueGroup, ValueGroups } from './value-groups.ts';

export const consensus: Lens = {
  name: 'consensus',
  summary: 'The value wins that most assertions claim, by the newest of them.',
  begin: (options) => new ConsensusFold(options),
};

class ConsensusFold implements LensFold {
  readonly #rankedMax: number;
  readonly #groups = new ValueGroups();
  #candidatesCount = 0;

  constructor({ rankedMax }: LensOptions) {
    this.#rankedMax = rankedMax;
  }

  add(candidate: Candidate): void {
    this.#candidatesCount += 1;
    this.#groups.add(candidate);
  }

  get bytes(): number {
    return this.#groups.bytes;
  }

  finish(): Resolution {
    const groups = this.#groups.sorted((one, other) => other.supporters - one.supporters);
    const [winner] = groups;
    if (winner === undefined) return noResolution;
    const shareOf = ({ supporters }: ValueGroup): number => supporters / this.#candidatesCount;
    const resolutionConfidence = shareOf(winner);
    return {
      winner: winner.newest.hash,
      candidatesCount: this.#candidatesCount,
      resolutionConfidence,
      ...conflictOf(groups.length === 1, resolutionConfidence),
      ranked: groups.slice(0, this.#rankedMax).map((group) => rankedGroup(group, shareOf(group))),
    };
  }
}
