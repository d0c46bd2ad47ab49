import type { Machine, RottenBit } from '../sim/index.ts';
import { StoreCorruptError, WalCorruptError } from '../engine/index.ts';
import { pathPattern, type RottenPlace } from './anchors/index.ts';
import type { FaultKit } from './fault-kit.ts';
import type { RotFaults } from './scenario.ts';

/**
 * Bits of a machine's files that have flipped and were not put back. A database must not make anything of them but
 * an error that names the file; then an operator restores the file from a good copy.
 */
export class Rot {
  readonly #machine: Machine;
  #bits: RottenBit[] = [];
  readonly #healed: RottenBit[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /**
   * Flips a bit of what the machine holds under `directory`, but for the newest file of each directory, whose end a
   * log cannot know: what rots there without later evidence looks like what a crash cut short. `undefined` when there
   * is nothing else.
   */
  strike(directory: string): RottenBit | undefined {
    const bit = this.#machine.rotOneBit(directory, { sparesNewest: true });
    if (bit !== undefined) this.#bits.push(bit);
    return bit;
  }

  /** Flips this very bit, as `strike` has before; `undefined` where there is none. */
  strikeAt(rotten: RottenBit | undefined): RottenBit | undefined {
    if (rotten === undefined || !this.#machine.rotBit(rotten)) return undefined;
    this.#bits.push(rotten);
    return rotten;
  }

  /** How many bits were put back so far. */
  get healed(): number {
    return this.#healed.length;
  }

  /**
   * Whether `error`, or what caused it, says that a file is damaged in which a bit has flipped, or had when only
   * `healedBefore` were put back: who has met it then may still suffer from it.
   */
  explains(error: unknown, healedBefore = this.healed): boolean {
    const bits = [...this.#bits, ...this.#healed.slice(healedBefore)];
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      if (!(cause instanceof WalCorruptError || cause instanceof StoreCorruptError)) continue;
      const { path } = cause;
      if (bits.some((bit) => bit.path === path || bit.path.startsWith(`${path}/`))) return true;
    }
    return false;
  }

  /** Whether a bit has flipped, or had when only `healedBefore` were put back. */
  hasStruckSince(healedBefore: number): boolean {
    return this.#bits.length > 0 || this.#healed.length > healedBefore;
  }

  /** Puts back what has flipped. */
  heal(): void {
    for (const bit of this.#bits) this.#machine.healBit(bit);
    this.#healed.push(...this.#bits);
    this.#bits = [];
  }
}

/** Plans the moments of this run at which a bit flips under `directory`. */
export function rotAtTimes(
  kit: FaultKit,
  machine: Machine,
  rot: Rot,
  directory: string,
  faults: RotFaults,
): void {
  const { bitsMax: max, distanceStepsMax } = faults;
  const struck = (rotten: RottenBit | undefined): boolean => {
    if (rotten === undefined) return false;
    kit.note(machine, { kind: 'rot', number: 0, place: placeOf(machine, directory, rotten) });
    kit.injected('bit-rot', machine, tellOf(rotten));
    return true;
  };
  const strikeAt = (place: RottenPlace | undefined): boolean =>
    struck(rot.strikeAt(place && bitAt(machine, directory, place)));
  if (kit.follows(machine, 'rot', ({ place }) => strikeAt(place))) return;
  kit.sequence(machine, 'rots', { max, distanceStepsMax }, (_, next) => {
    struck(machine.disk.has(directory) ? rot.strike(directory) : undefined);
    next();
  });
}

function placeOf(machine: Machine, directory: string, { path, position, bit }: RottenBit): RottenPlace {
  const pattern = pathPattern(path);
  return { path: pattern, nth: filesLike(machine, directory, pattern).indexOf(path) + 1, position, bit };
}

function bitAt(machine: Machine, directory: string, place: RottenPlace): RottenBit | undefined {
  const { position, bit } = place;
  const path = filesLike(machine, directory, place.path)[place.nth - 1];
  return path === undefined ? undefined : { path, position, bit };
}

function filesLike(machine: Machine, directory: string, pattern: string): readonly string[] {
  return machine.filesUnder(directory).filter((path) => pathPattern(path) === pattern);
}

/** In the history, after the machine's name. */
export function tellOf({ path, position, bit }: RottenBit): string {
  return `finds bit ${bit} of byte ${position} of ${path} flipped`;
}
