import type { EntryList } from './entry-codec.ts';

/** Blocks that were read lately, least recently used out first. */
export class BlockCache {
  readonly #bytesMax: number;
  /** In order of use: a `Map` keeps the order of insertion. */
  readonly #blocks = new Map<string, EntryList>();
  #bytes = 0;
  #hits = 0;
  #misses = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How often `get` found what it looked for. */
  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  get(run: number, block: number): EntryList | undefined {
    const name = nameOf(run, block);
    const entries = this.#blocks.get(name);
    if (entries === undefined) {
      this.#misses += 1;
      return undefined;
    }
    this.#hits += 1;
    this.#blocks.delete(name);
    this.#blocks.set(name, entries);
    return entries;
  }

  /** As `get`, for who reads everything once: it is no use, and is not counted. */
  peek(run: number, block: number): EntryList | undefined {
    return this.#blocks.get(nameOf(run, block));
  }

  add(run: number, block: number, entries: EntryList): void {
    const name = nameOf(run, block);
    if (entries.bytes > this.#bytesMax || this.#blocks.has(name)) return;
    this.#blocks.set(name, entries);
    this.#bytes += entries.bytes;
    for (const [oldest, { bytes }] of this.#blocks) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#blocks.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}

function nameOf(run: number, block: number): string {
  return `${run}/${block}`;
}
