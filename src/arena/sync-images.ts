import type { Disk, Machine } from '../sim/index.ts';

/** What a power loss at a sync would have left, and what had been promised by then. */
export interface SyncImage<Promised> {
  readonly disk: Disk;
  /** When it was taken first. */
  readonly timeMicros: number;
  /**
   * By the first moment at which this could have been left, and by the last one if there were several. Other images of
   * the same moment share it.
   */
  readonly promised: readonly [Promised, Promised?];
}

/** What happened at one moment: an image that is new, or one that there was. */
type Taken = 'crash-image' | 'crash-image-duplicate';

/**
 * Images of what a power loss would leave of a machine, each kept once. The same state of a disk may come of many
 * moments, and what had been promised by the last of them is asked of it too.
 */
export class SyncImages<Promised> {
  readonly #images = new Map<
    string,
    { -readonly [Key in keyof SyncImage<Promised>]: SyncImage<Promised>[Key] }
  >();
  readonly #max: number;
  readonly #promisedNow: () => Promised;

  constructor(max: number, promisedNow: () => Promised) {
    this.#max = max;
    this.#promisedNow = promisedNow;
  }

  /** In the order in which they were first taken. */
  all(): readonly SyncImage<Promised>[] {
    return [...this.#images.values()];
  }

  /**
   * Takes two: what is left when everything goes that may, which is what a promise must not rest on, and one that is
   * drawn. Beyond the maximum only those are taken that there were.
   */
  take(machine: Machine, timeMicros: number, happened: (taken: Taken) => void): void {
    let promised: Promised | undefined;
    for (const mode of ['lose-all', undefined] as const) {
      const { disk } = machine.crashImage(undefined, mode);
      const digest = disk.digest();
      const known = this.#images.get(digest);
      if (known === undefined && this.#images.size >= this.#max) continue;
      promised ??= this.#promisedNow();
      if (known === undefined) this.#images.set(digest, { disk, timeMicros, promised: [promised] });
      else known.promised = [known.promised[0], promised];
      happened(known === undefined ? 'crash-image' : 'crash-image-duplicate');
    }
  }
}
