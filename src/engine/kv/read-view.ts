import { compareBytes } from './bytes.ts';
import { type Cursor, type Found, tombstone } from './cursor.ts';
import { type KeyRange, rangeOf } from './key-range.ts';
import type { Entry, ScanOptions } from './key-value-store.ts';
import type { MemtableView } from './memtable.ts';
import { MergeCursor } from './merge-cursor.ts';
import type { RunSet } from './run-set.ts';

/** One consistent state of the store. Holds its runs once, from construction to `letGo`. */
export class ReadView {
  readonly #tables: readonly MemtableView[];
  readonly #runs: RunSet;

  /** `tables`: newest first; all of them newer than the runs. */
  constructor(tables: readonly MemtableView[], runs: RunSet) {
    this.#tables = tables;
    this.#runs = runs;
    runs.hold();
  }

  letGo(): void {
    this.#runs.letGo();
  }

  /** A view of the same state that is held on its own. */
  again(): ReadView {
    return new ReadView(this.#tables, this.#runs);
  }

  lookup(key: Uint8Array): Found | Promise<Found> {
    for (const table of this.#tables) {
      const found = table.lookup(key);
      if (found !== undefined) return found;
    }
    return this.#runs.lookup(key);
  }

  async cursor(range: KeyRange): Promise<Cursor> {
    const sources: Cursor[] = this.#tables.map((table) => table.cursor(range.from));
    for (const run of this.#runs.runs) sources.push(await run.cursor(range, true));
    return new MergeCursor(sources);
  }
}

/**
 * The scan of a state that `open` gives when the first entry is asked for, and that is let go at the end.
 * `assertOpen` throws once the store is closed.
 */
export async function* scanView(
  open: () => ReadView,
  options: ScanOptions,
  assertOpen: () => void,
): AsyncGenerator<Entry, undefined, undefined> {
  const range = rangeOf(options);
  let left = options.limit ?? Infinity;
  if (left <= 0) return;
  assertOpen();
  const view = open();
  try {
    const cursor = await view.cursor(range);
    while (isBefore(cursor.key, range.to)) {
      if (cursor.value !== tombstone) {
        yield { key: cursor.key.slice(), value: cursor.value.slice() };
        left -= 1;
        if (left <= 0) return;
        assertOpen();
      }
      const pending = cursor.advance();
      if (pending !== undefined) await pending;
    }
  } finally {
    view.letGo();
  }
}

function isBefore(key: Uint8Array | undefined, end: Uint8Array | undefined): key is Uint8Array {
  return key !== undefined && (end === undefined || compareBytes(key, end) < 0);
}

/** What the caller of a `get` sees: a copy. */
export function valueOf(found: Found): Uint8Array | undefined {
  return found === undefined || found === tombstone ? undefined : found.slice();
}
