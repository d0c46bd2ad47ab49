import { type Machine, newestOf, type RottenBit } from '../sim/index.ts';
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
  readonly #directory: string;
  /** The newest file of each directory when the database was last served; `undefined` while it is. */
  #unproven: readonly string[] | undefined;
  #bits: RottenBit[] = [];
  readonly #healed: RottenBit[] = [];
  /** In files that had gone when there was something to put back: a power loss may bring one back as it was. */
  #gone: RottenBit[] = [];

  /** Of what `machine` holds under `directory`. */
  constructor(machine: Machine, directory: string) {
    this.#machine = machine;
    this.#directory = directory;
  }

  /** Whether a database is served from the files: then what it has found there is proven by what it has made. */
  setServing(isServing: boolean): void {
    if (isServing) this.#unproven = undefined;
    else this.#unproven ??= newestOf(this.#machine.filesUnder(this.#directory));
  }

  /**
   * Flips a bit of a file, but of the newest one in each directory, whose end a log cannot know: what rots there
   * without later evidence looks like what a crash cut short. While the database is opened it is the one that was
   * newest before: those that recovery makes are no evidence until it is done. `undefined` when there is nothing else.
   */
  strike(): RottenBit | undefined {
    const aim = { sparesNewest: true, sparesFrom: this.#unproven ?? [] };
    const bit = this.#machine.rotOneBit(this.#directory, aim);
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
    const bits = [...this.#bits, ...this.#gone, ...this.#healed.slice(healedBefore)];
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
    const gone: RottenBit[] = [];
    for (const bit of [...this.#bits, ...this.#gone]) {
      (this.#machine.healBit(bit) ? this.#healed : gone).push(bit);
    }
    this.#bits = [];
    this.#gone = gone;
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
    struck(machine.disk.has(directory) ? rot.strike() : undefined);
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
