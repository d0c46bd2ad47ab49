import type { Draws } from '../../choices/draws.ts';

/**
 * The versions that one thing went through since it was last durable: an entry of a directory, the size
 * of a file, a sector. Version 0 is the durable one, version `n` the newest. A power loss picks one.
 */
export interface Timeline {
  readonly kind: 'name' | 'size' | 'data';
  /** The file or directory it belongs to, by path. */
  readonly group: string;
  /** The stream of that group. */
  readonly draws: Draws;
  /** When each version came about, ascending: `sequences[v - 1]` for version `v`. */
  readonly sequences: readonly number[];
  /** The profile allows the versions from `earliest` to `latest`. */
  readonly earliest: number;
  readonly latest: number;
  /** Of `data`: which sector of the file. */
  readonly sector: number;
  /** Only a sector with something pending may, and only where the profile has tears. */
  readonly mayTear: boolean;
}

/** What becomes of one thing. */
export interface Fate {
  /** From `earliest` to `latest`. */
  readonly version: number;
  /**
   * The sector was being written when the power went: part of it is as `version` has it, which then is
   * later than `earliest`.
   */
  readonly torn: boolean;
}

/** How a power loss picks among what the profile allows: the pattern of a loss, not its rules. */
export interface Survival {
  fate(timeline: Timeline): Fate;

  /** How many steps are missing of the growth that made `version` of a size; 0 to `growth.steps`. */
  stepsMissing(timeline: Timeline, version: number, growth: Growth): number;
}

/** A long write makes a file grow step by step, and a power loss may leave it between two of them. */
export class Growth {
  readonly #from: number;
  readonly #to: number;
  readonly #stepBytes: number;

  constructor(from: number, to: number, stepBytes: number) {
    this.#from = from;
    this.#to = to;
    this.#stepBytes = stepBytes;
  }

  /** How many sizes there are between the first and the last. */
  get steps(): number {
    return Math.max(0, Math.ceil(this.#to / this.#stepBytes) - 1 - Math.floor(this.#from / this.#stepBytes));
  }

  sizeWithout(missing: number): number {
    return missing === 0 ? this.#to : (Math.ceil(this.#to / this.#stepBytes) - missing) * this.#stepBytes;
  }

  /** The most steps that may be missing while the size still reaches `end`. */
  missingDownTo(end: number): number {
    const missing = Math.ceil(this.#to / this.#stepBytes) - Math.ceil(end / this.#stepBytes);
    return Math.min(Math.max(missing, 0), this.steps);
  }
}

/** The site of the draws about one group. */
export function siteOf(group: string): string {
  return `disk.crash ${group}`;
}
