import type { Found } from './cursor.ts';
import { filterHash } from './bloom-filter.ts';
import type { RunReader } from './run-reader.ts';

/**
 * The runs of one state of the store, newest first; immutable. The store holds the present one, readers
 * hold the one they began with, and a run that is in no held set any more may be removed.
 */
export class RunSet {
  readonly runs: readonly RunReader[];
  readonly #onUnused: (run: RunReader) => void;
  #holders = 1;

  /** Held once, by the caller. `onUnused` hears of each run that was let go by the last set. */
  constructor(runs: readonly RunReader[], onUnused: (run: RunReader) => void) {
    this.runs = runs;
    this.#onUnused = onUnused;
    for (const run of runs) run.retain();
  }

  hold(): void {
    this.#holders += 1;
  }

  letGo(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    for (const run of this.runs) if (run.release()) this.#onUnused(run);
  }

  /** What the newest run that knows the key says; a promise only when a block has to be read. */
  lookup(key: Uint8Array): Found | Promise<Found> {
    if (this.runs.length === 0) return undefined;
    const hash = filterHash(key);
    for (let index = 0; index < this.runs.length; index += 1) {
      const found = this.runs[index]!.lookup(key, hash);
      if (found instanceof Promise) return this.#lookupFrom(index, found, key, hash);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #lookupFrom(index: number, pending: Promise<Found>, key: Uint8Array, hash: number): Promise<Found> {
    this.hold();
    try {
      const found = await pending;
      if (found !== undefined) return found;
      for (const run of this.runs.slice(index + 1)) {
        const older = await run.lookup(key, hash);
        if (older !== undefined) return older;
      }
      return undefined;
    } finally {
      this.letGo();
    }
  }
}
