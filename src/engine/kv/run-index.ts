import { compareRange } from './bytes.ts';
import { buildFilter, filterHash, filterMayHold } from './bloom-filter.ts';

/**
 * The index of a run, kept in memory while the run is open. For each block:
 *
 *     block length u32 | filter length u16 | key length u16 | filter | first key
 *
 * and at the end
 *
 *     key length u16 | last key of the run
 *
 * About 3 % of the size of the run, most of it filters.
 */
const blockHeaderBytes = 8;

/** Writes an index while the blocks are written. */
export class RunIndexBuilder {
  readonly #parts: Uint8Array[] = [];
  #lastKey: Uint8Array = new Uint8Array(0);

  /** `keys`: of the block, ascending, at least one. */
  addBlock(length: number, keys: readonly Uint8Array[]): void {
    const filter = buildFilter(keys.map(filterHash));
    const firstKey = keys[0]!;
    const part = new Uint8Array(blockHeaderBytes + filter.length + firstKey.length);
    const view = new DataView(part.buffer);
    view.setUint32(0, length, true);
    view.setUint16(4, filter.length, true);
    view.setUint16(6, firstKey.length, true);
    part.set(filter, blockHeaderBytes);
    part.set(firstKey, blockHeaderBytes + filter.length);
    this.#parts.push(part);
    this.#lastKey = keys.at(-1)!;
  }

  get blocks(): number {
    return this.#parts.length;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const last = new Uint8Array(2 + this.#lastKey.length);
    new DataView(last.buffer).setUint16(0, this.#lastKey.length, true);
    last.set(this.#lastKey, 2);
    const parts = [...this.#parts, last];
    const index = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      index.set(part, at);
      at += part.length;
    }
    return index;
  }
}

/** Where a block lies in its file. */
export interface BlockPlace {
  readonly offset: number;
  readonly length: number;
}

/** Finds the block that may hold a key. */
export class RunIndex {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Where in `#bytes` the entry of each block starts; one more for the last key. */
  readonly #starts: Uint32Array;
  /** Where in the file each block starts; one more for the end of the last. */
  readonly #offsets: Float64Array;

  private constructor(bytes: Uint8Array, view: DataView, starts: Uint32Array, offsets: Float64Array) {
    this.#bytes = bytes;
    this.#view = view;
    this.#starts = starts;
    this.#offsets = offsets;
  }

  /** The index of `blocks` blocks in `blocksBytes` bytes, or the reason why `bytes` is not one. */
  static parse(bytes: Uint8Array, blocks: number, blocksBytes: number): RunIndex | string {
    if (blocks === 0) return 'the run has no block';
    if (blocks > bytes.length / blockHeaderBytes) return 'the index is too short for its blocks';
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const starts = new Uint32Array(blocks + 1);
    const offsets = new Float64Array(blocks + 1);
    let at = 0;
    for (let block = 0; block < blocks; block += 1) {
      if (bytes.length - at < blockHeaderBytes) return 'the index ends early';
      starts[block] = at;
      offsets[block + 1] = offsets[block]! + view.getUint32(at, true);
      const filterLength = view.getUint16(at + 4, true);
      if (filterLength === 0) return 'the index has an empty filter';
      at += blockHeaderBytes + filterLength + view.getUint16(at + 6, true);
    }
    starts[blocks] = at;
    if (bytes.length - at < 2) return 'the index ends early';
    if (bytes.length !== at + 2 + view.getUint16(at, true)) return 'the index does not end with the last key';
    if (offsets[blocks] !== blocksBytes) return 'the blocks of the index do not add up';
    return new RunIndex(bytes, view, starts, offsets);
  }

  get blocks(): number {
    return this.#starts.length - 1;
  }

  /** Bytes that the index keeps in memory. */
  get bytes(): number {
    return this.#bytes.length + this.#starts.byteLength + this.#offsets.byteLength;
  }

  place(block: number): BlockPlace {
    const offset = this.#offsets[block]!;
    return { offset, length: this.#offsets[block + 1]! - offset };
  }

  /** The last block that starts at or before `key`; -1 when all start after it. */
  blockFor(key: Uint8Array): number {
    let low = 0;
    let high = this.blocks;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareRange(this.#bytes, this.#firstKeyAt(middle), this.#starts[middle + 1]!, key);
      if (order <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Whether every key of the run is less than `key`. */
  endsBefore(key: Uint8Array): boolean {
    return compareRange(this.#bytes, this.#starts[this.blocks]! + 2, this.#bytes.length, key) < 0;
  }

  /** `false` proves that no key with this hash is in the block. */
  mayHold(block: number, hash: number): boolean {
    const start = this.#starts[block]! + blockHeaderBytes;
    return filterMayHold(this.#bytes, start, this.#firstKeyAt(block), hash);
  }

  #firstKeyAt(block: number): number {
    const start = this.#starts[block]!;
    return start + blockHeaderBytes + this.#view.getUint16(start + 4, true);
  }
}
