import type { Candidate, Ranked } from './lens.ts';
import { newestFirst, type Standing, standingOf } from './standing.ts';
import { valueIdentity } from './value-identity.ts';

/** All assertions that claim one value. */
export interface ValueGroup {
  readonly newest: Standing;
  readonly supporters: number;
  /** Votes on all of them. */
  readonly weightMillionths: bigint;
}

/** Measured on Node 20, and rounded up: one group with its place in the map while that grows, and all else. */
const groupBytes = 640;
const mapBytes = 1024;

/** Assertions by the value that they claim; of each value a fixed number of bytes is kept. */
export class ValueGroups {
  readonly #groups = new Map<string, ValueGroup>();

  add(candidate: Candidate): void {
    const value = valueIdentity(candidate.assertion.object);
    const standing = standingOf(candidate);
    const { newest, supporters, weightMillionths } = this.#groups.get(value) ?? {
      newest: standing,
      supporters: 0,
      weightMillionths: 0n,
    };
    this.#groups.set(value, {
      newest: newestFirst(newest, standing) <= 0 ? newest : standing,
      supporters: supporters + 1,
      weightMillionths: weightMillionths + standing.weightMillionths,
    });
  }

  get bytes(): number {
    return mapBytes + groupBytes * this.#groups.size;
  }

  /** In the order of `compare`, and where that has none, those with the newest assertion first. */
  sorted(compare: (one: ValueGroup, other: ValueGroup) => number): readonly ValueGroup[] {
    const groups = [...this.#groups.values()];
    return groups.sort((one, other) => compare(one, other) || newestFirst(one.newest, other.newest));
  }
}

export function rankedGroup({ newest, supporters, weightMillionths }: ValueGroup, share: number): Ranked {
  const { hash, lifecycle, timestamp } = newest;
  return { hash, lifecycle, timestamp, weightMillionths, supporters, share };
}
