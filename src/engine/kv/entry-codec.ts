import { compareRange } from './bytes.ts';
import { tombstone } from './cursor.ts';

/**
 * One entry, as blocks of a run and records of the log both hold it:
 *
 *     key length u16 | value length u32 | key | value      (little-endian)
 *
 * The value length 2^32-1 marks a tombstone, which has no value.
 */
export const entryHeaderBytes = 6;

/** The longest key, in bytes. */
export const keyBytesMax = 0xffff;

const tombstoneLength = 0xffffffff;

export function entrySize(key: Uint8Array, value: Uint8Array | typeof tombstone): number {
  return entryHeaderBytes + key.length + (value === tombstone ? 0 : value.length);
}

/** Writes an entry at `at` and returns where it ends. */
export function writeEntry(
  target: Uint8Array,
  view: DataView,
  at: number,
  key: Uint8Array,
  value: Uint8Array | typeof tombstone,
): number {
  view.setUint16(at, key.length, true);
  view.setUint32(at + 2, value === tombstone ? tombstoneLength : value.length, true);
  const valueAt = at + entryHeaderBytes + key.length;
  target.set(key, at + entryHeaderBytes);
  if (value === tombstone) return valueAt;
  target.set(value, valueAt);
  return valueAt + value.length;
}

/**
 * Entries one after the other from `start` to the very end of `bytes`, addressed by their index. The
 * bytes are shared, never copied.
 */
export class EntryList {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #starts: Uint32Array;

  private constructor(bytes: Uint8Array, view: DataView, starts: Uint32Array) {
    this.#bytes = bytes;
    this.#view = view;
    this.#starts = starts;
  }

  /** `undefined` unless exactly `count` entries fill `bytes` from `start` on. */
  static parse(bytes: Uint8Array, start: number, count: number): EntryList | undefined {
    if (count > (bytes.length - start) / entryHeaderBytes) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const starts = new Uint32Array(count);
    let at = start;
    for (let index = 0; index < count; index += 1) {
      if (bytes.length - at < entryHeaderBytes) return undefined;
      starts[index] = at;
      const valueLength = view.getUint32(at + 2, true);
      at += entryHeaderBytes + view.getUint16(at, true);
      if (valueLength !== tombstoneLength) at += valueLength;
      if (at > bytes.length) return undefined;
    }
    return at === bytes.length ? new EntryList(bytes, view, starts) : undefined;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Bytes that the list keeps in memory. */
  get bytes(): number {
    return this.#bytes.length + this.#starts.byteLength;
  }

  /** The entries as copies, which do not keep the list in memory. */
  *copies(): Generator<readonly [key: Uint8Array, value: Uint8Array | typeof tombstone]> {
    for (let index = 0; index < this.count; index += 1) {
      const value = this.value(index);
      yield [this.key(index).slice(), value === tombstone ? tombstone : value.slice()];
    }
  }

  key(index: number): Uint8Array {
    const start = this.#starts[index]! + entryHeaderBytes;
    return this.#bytes.subarray(start, this.#valueStart(index));
  }

  value(index: number): Uint8Array | typeof tombstone {
    const length = this.#view.getUint32(this.#starts[index]! + 2, true);
    if (length === tombstoneLength) return tombstone;
    const start = this.#valueStart(index);
    return this.#bytes.subarray(start, start + length);
  }

  /** Index of the first entry whose key is not less than `key`; `count` when there is none. */
  lowerBound(key: Uint8Array): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(middle, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Order of the key at `index` and `key`. */
  compare(index: number, key: Uint8Array): number {
    const start = this.#starts[index]! + entryHeaderBytes;
    return compareRange(this.#bytes, start, this.#valueStart(index), key);
  }

  #valueStart(index: number): number {
    const start = this.#starts[index]!;
    return start + entryHeaderBytes + this.#view.getUint16(start, true);
  }
}
