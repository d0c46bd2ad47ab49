import type { Draws, DrawSource } from '../../choices/draws.ts';
import type { Disk } from '../disk.ts';
import type { CrashImage } from './crash-image.ts';
import type { CrashProfile } from './profiles.ts';

/** How an enumeration ended. */
export interface Enumeration {
  /** Images made, before equal ones were left out. */
  readonly tried: number;
  /** There is no further image: neither the limit was met, nor a wide choice cut to representatives. */
  readonly exhaustive: boolean;
}

/** Choices wider than this (where to split a torn sector, which garbage) get three representatives. */
const domainMax = 16;

/**
 * Every state that a power loss may leave, each once, the undamaged one first; at most `limit` are tried.
 * It walks the tree of all draws that the mode `free` makes, so that it cannot disagree with `crashImage`.
 */
export function* enumerateCrashImages(
  disk: Disk,
  profile: CrashProfile,
  limit: number,
): Generator<CrashImage, Enumeration> {
  const odometer = new Odometer();
  const seen = new Set<string>();
  let tried = 0;
  do {
    const image = disk.crashImage(profile, odometer, 'free');
    tried += 1;
    const digest = image.disk.digest();
    if (seen.has(digest)) continue;
    seen.add(digest);
    yield image;
  } while (odometer.advance() && tried < limit);
  return { tried, exhaustive: odometer.done && !odometer.skipped };
}

/** All sites share one sequence of draws, which counts through its values like an odometer. */
class Odometer implements DrawSource {
  /** What the draws so far may be, and the index of what they are. */
  #wheels: { readonly values: readonly number[]; index: number }[] = [];
  #next = 0;
  /** A choice was too wide to try each value. */
  skipped = false;
  done = false;

  at(): Draws {
    return { choose: (domain) => (domain <= 1 ? 0 : this.#choose(domain)) };
  }

  /** Turns to the next combination; `false` when there is none. */
  advance(): boolean {
    this.#wheels.length = this.#next;
    this.#next = 0;
    for (let wheel = this.#wheels.pop(); wheel !== undefined; wheel = this.#wheels.pop()) {
      if (wheel.index + 1 < wheel.values.length) {
        this.#wheels.push({ values: wheel.values, index: wheel.index + 1 });
        return true;
      }
    }
    this.done = true;
    return false;
  }

  #choose(domain: number): number {
    let wheel = this.#wheels[this.#next];
    if (wheel === undefined) {
      wheel = { values: this.#valuesOf(domain), index: 0 };
      this.#wheels.push(wheel);
    }
    this.#next += 1;
    return wheel.values[wheel.index] ?? 0;
  }

  #valuesOf(domain: number): number[] {
    if (domain <= domainMax) return Array.from({ length: domain }, (_, value) => value);
    this.skipped = true;
    return [0, Math.floor(domain / 2), domain - 1];
  }
}
