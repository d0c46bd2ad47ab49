import { compareBytes } from './bytes.ts';
import { type Cursor, type Found, tombstone } from './cursor.ts';

/** Entries of a leaf before it is split. */
const leafEntriesMax = 64;

/** What an entry costs beyond its bytes, roughly: two array headers and two slots. */
const entryOverheadBytes = 96;

/** A sorted piece of the table. Only the table whose generation it carries may change it in place. */
interface Leaf {
  readonly generation: object;
  readonly keys: Uint8Array[];
  readonly values: (Uint8Array | typeof tombstone)[];
}

/**
 * The memory table: a sorted array of sorted leaves, that is a B-tree of two levels.
 *
 * A view costs nothing to take: it keeps the present array of leaves, and the table starts a new
 * generation, so that the next write to a leaf (and to the array) copies it first. Without a view,
 * writes change the leaves in place.
 */
export class Memtable {
  #generation = {};
  #leaves: Leaf[] = [];
  #leavesAreShared = false;
  #entries = 0;
  #bytes = 0;

  /** Entries, tombstones included. */
  get entries(): number {
    return this.#entries;
  }

  /** An estimate of the memory in use. */
  get bytes(): number {
    return this.#bytes;
  }

  lookup(key: Uint8Array): Found {
    return lookupIn(this.#leaves, key);
  }

  /** Sets or (with a tombstone) deletes. Keeps both arrays: the caller must not change them afterwards. */
  set(key: Uint8Array, value: Uint8Array | typeof tombstone): void {
    if (this.#leaves.length === 0) this.#replaceLeaf(0, 0, this.#newLeaf([], []));
    const index = leafFor(this.#leaves, key);
    const leaf = this.#ownLeaf(index);
    const at = lowerBound(leaf.keys, key);
    const present = leaf.keys[at];
    if (present !== undefined && compareBytes(present, key) === 0) {
      this.#bytes += sizeOf(value) - sizeOf(leaf.values[at]!);
      leaf.values[at] = value;
      return;
    }
    leaf.keys.splice(at, 0, key);
    leaf.values.splice(at, 0, value);
    this.#entries += 1;
    this.#bytes += key.length + sizeOf(value) + entryOverheadBytes;
    if (leaf.keys.length > leafEntriesMax) this.#split(index, leaf);
  }

  /** The table as it is now; later writes do not show in it. */
  view(): MemtableView {
    this.#generation = {};
    this.#leavesAreShared = true;
    return new MemtableView(this.#leaves, this.#entries, this.#bytes);
  }

  /** Undoes every write since `view` was taken from this table. */
  restore(view: MemtableView): void {
    this.#generation = {};
    this.#leaves = view.leaves;
    this.#leavesAreShared = true;
    this.#entries = view.entries;
    this.#bytes = view.bytes;
  }

  #newLeaf(keys: Uint8Array[], values: (Uint8Array | typeof tombstone)[]): Leaf {
    return { generation: this.#generation, keys, values };
  }

  #ownLeaf(index: number): Leaf {
    const leaf = this.#leaves[index]!;
    if (leaf.generation === this.#generation) return leaf;
    const copy = this.#newLeaf(leaf.keys.slice(), leaf.values.slice());
    this.#replaceLeaf(index, 1, copy);
    return copy;
  }

  /** The left part stays longer at the right edge, where keys that arrive in order would leave it half empty. */
  #split(index: number, leaf: Leaf): void {
    const isLast = index === this.#leaves.length - 1;
    const at = isLast ? leafEntriesMax - 8 : leafEntriesMax >> 1;
    const right = this.#newLeaf(leaf.keys.splice(at), leaf.values.splice(at));
    this.#replaceLeaf(index + 1, 0, right);
  }

  #replaceLeaf(index: number, removed: number, leaf: Leaf): void {
    if (this.#leavesAreShared) {
      this.#leaves = this.#leaves.slice();
      this.#leavesAreShared = false;
    }
    if (removed === 1) this.#leaves[index] = leaf;
    else this.#leaves.splice(index, 0, leaf);
  }
}

/** A memory table that does not change any more. */
export class MemtableView {
  /** Only for `Memtable`. */
  readonly leaves: Leaf[];
  readonly entries: number;
  readonly bytes: number;

  constructor(leaves: Leaf[], entries: number, bytes: number) {
    this.leaves = leaves;
    this.entries = entries;
    this.bytes = bytes;
  }

  /** All entries, tombstones included, in ascending order of their keys. */
  *[Symbol.iterator](): Generator<readonly [key: Uint8Array, value: Uint8Array | typeof tombstone]> {
    for (const { keys, values } of this.leaves) {
      for (let at = 0; at < keys.length; at += 1) yield [keys[at]!, values[at]!];
    }
  }

  lookup(key: Uint8Array): Found {
    return lookupIn(this.leaves, key);
  }

  /** Stands on the first key at or after `from`. */
  cursor(from?: Uint8Array): Cursor {
    if (from === undefined || this.leaves.length === 0) return new MemtableCursor(this.leaves, 0, 0);
    const index = leafFor(this.leaves, from);
    return new MemtableCursor(this.leaves, index, lowerBound(this.leaves[index]!.keys, from));
  }
}

class MemtableCursor implements Cursor {
  readonly #leaves: readonly Leaf[];
  #leaf: number;
  #at: number;
  key: Uint8Array | undefined;
  value: Uint8Array | typeof tombstone = tombstone;

  constructor(leaves: readonly Leaf[], leaf: number, at: number) {
    this.#leaves = leaves;
    this.#leaf = leaf;
    this.#at = at;
    this.#read();
  }

  advance(): undefined {
    this.#at += 1;
    this.#read();
  }

  #read(): void {
    let leaf = this.#leaves[this.#leaf];
    if (leaf !== undefined && this.#at >= leaf.keys.length) {
      this.#leaf += 1;
      this.#at = 0;
      leaf = this.#leaves[this.#leaf];
    }
    this.key = leaf?.keys[this.#at];
    this.value = leaf?.values[this.#at] ?? tombstone;
  }
}

function lookupIn(leaves: readonly Leaf[], key: Uint8Array): Found {
  if (leaves.length === 0) return undefined;
  const leaf = leaves[leafFor(leaves, key)]!;
  const at = lowerBound(leaf.keys, key);
  const present = leaf.keys[at];
  return present !== undefined && compareBytes(present, key) === 0 ? leaf.values[at] : undefined;
}

/** Index of the last leaf that starts at or before `key`, else of the first. There must be a leaf. */
function leafFor(leaves: readonly Leaf[], key: Uint8Array): number {
  let low = 1;
  let high = leaves.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(leaves[middle]!.keys[0]!, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the first key that is not less than `key`. */
function lowerBound(keys: readonly Uint8Array[], key: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(keys[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sizeOf(value: Uint8Array | typeof tombstone): number {
  return value === tombstone ? 0 : value.length;
}
