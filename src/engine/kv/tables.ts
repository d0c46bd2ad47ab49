import type { Found } from './cursor.ts';
import { Memtable, type MemtableView } from './memtable.ts';
import { ReadView } from './read-view.ts';
import type { RunReader } from './run-reader.ts';
import { RunSet } from './run-set.ts';

/** A memory table that takes no more writes and waits to become a run. */
export interface SealedTable {
  /** 1 for the first one since the store was opened. */
  readonly number: number;
  readonly view: MemtableView;
  /** Where the log ends whose records are in this table or in runs. */
  readonly logOffset: number;
}

/** Values and tombstones by their keys; the arrays are kept. */
export type Changes = Iterable<readonly [key: Uint8Array, value: Exclude<Found, undefined>]>;

/**
 * What the store holds: the memory table, at most one sealed table, and the runs. Every change here is
 * synchronous, so that a reader sees all of it or nothing.
 */
export class Tables {
  readonly #onUnused: (run: RunReader) => void;
  #active: Memtable;
  #logOffset: number;
  #sealed: SealedTable | undefined;
  #seals = 0;
  #runs: RunSet;

  /** `found.logOffset`: where the log ends whose records are in the memory table or the runs. */
  constructor(
    found: { readonly runs: readonly RunReader[]; readonly memtable: Memtable; readonly logOffset: number },
    onUnused: (run: RunReader) => void,
  ) {
    this.#onUnused = onUnused;
    this.#runs = new RunSet(found.runs, onUnused);
    this.#active = found.memtable;
    this.#logOffset = found.logOffset;
  }

  get memtable(): Pick<Memtable, 'bytes' | 'entries'> {
    return this.#active;
  }

  get sealed(): SealedTable | undefined {
    return this.#sealed;
  }

  /** The number of the last sealed table; 0 when there was none. */
  get seals(): number {
    return this.#seals;
  }

  /** Where the log ends whose records are applied. */
  get logOffset(): number {
    return this.#logOffset;
  }

  /** Newest first. */
  get runs(): readonly RunReader[] {
    return this.#runs.runs;
  }

  lookup(key: Uint8Array): Found | Promise<Found> {
    const recent = this.#active.lookup(key) ?? this.#sealed?.view.lookup(key);
    return recent ?? this.#runs.lookup(key);
  }

  /** The present state, held for the caller. */
  view(): ReadView {
    const tables = [this.#active.view()];
    if (this.#sealed !== undefined) tables.push(this.#sealed.view);
    return new ReadView(tables, this.#runs);
  }

  /** Applies changes, in the order in which the log has them. */
  apply(changes: Changes, logOffset: number): void {
    for (const [key, value] of changes) this.#active.set(key, value);
    this.#logOffset = logOffset;
  }

  /** Starts a new memory table. There must be no sealed one. */
  seal(): SealedTable {
    this.#seals += 1;
    this.#sealed = { number: this.#seals, view: this.#active.view(), logOffset: this.#logOffset };
    this.#active = new Memtable();
    return this.#sealed;
  }

  /** The runs as they are from now on; with `flushed` the sealed table is in them. */
  replaceRuns(runs: readonly RunReader[], flushed?: SealedTable): void {
    const before = this.#runs;
    this.#runs = new RunSet(runs, this.#onUnused);
    if (flushed !== undefined) this.#sealed = undefined;
    before.letGo();
  }
}
