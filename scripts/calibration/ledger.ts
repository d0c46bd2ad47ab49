import type { Draws } from '../../src/sim/index.ts';

/** One transaction: what it does, and whether it ends in a commit. */
export interface Transaction {
  readonly version: number;
  /** By id: the text that the cell gets; `undefined` when it goes. */
  readonly changes: readonly (readonly [id: number, text: string | undefined])[];
  readonly ending: 'COMMIT' | 'ROLLBACK';
}

const cells = 48;
const changesMax = 12;
const textLengthMax = 300;
/** One transaction in so many is rolled back. */
const rollbackIn = 4;

/** What the database must hold: versions that were committed, and the one that perhaps is. */
export class Ledger {
  readonly #draws: Draws;
  #next = 1;
  #committed: State = emptyState;
  #before: State = emptyState;
  #open: State | undefined;

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  /** Nothing has been committed yet, not even the tables. */
  get isEmpty(): boolean {
    return this.#committed.version < 0;
  }

  /** The version of the last commit; -1 before there are tables. */
  get version(): number {
    return this.#committed.version;
  }

  draw(): Transaction {
    const draws = this.#draws;
    const version = this.#next++;
    const changes = Array.from({ length: 1 + draws.choose(changesMax) }, () => {
      const id = draws.choose(cells);
      const text = `${version}/${id} `.repeat(1 + draws.choose(textLengthMax) / 6);
      return [id, draws.choose(5) === 4 ? undefined : text] as const;
    });
    return { version, changes, ending: draws.choose(rollbackIn) === rollbackIn - 1 ? 'ROLLBACK' : 'COMMIT' };
  }

  /** The commit of `transaction` begins: from now on it is either there or not. */
  begin({ version, changes }: Transaction): void {
    const texts = new Map(this.#committed.texts);
    for (const [id, text] of changes) {
      if (text === undefined) texts.delete(id);
      else texts.set(id, text);
    }
    this.#open = { version, texts };
  }

  /** The tables are being made, as version 0. */
  beginTables(): void {
    this.#open = { version: 0, texts: new Map() };
  }

  /** The commit that was begun has been acknowledged. */
  acknowledge(): void {
    if (this.#open === undefined) return;
    this.#before = this.#committed;
    this.#committed = this.#open;
    this.#open = undefined;
  }

  /** What was found after a start is settled: what was open is there or it is not. */
  settle(found: State): Finding {
    const { version } = found;
    const open = this.#open;
    this.#open = undefined;
    if (isSame(found, this.#committed)) return 'held';
    if (open !== undefined && isSame(found, open)) {
      this.#before = this.#committed;
      this.#committed = open;
      return 'held';
    }
    if (isSame(found, this.#before)) {
      this.#committed = this.#before;
      return 'last-undone';
    }
    return version < this.#committed.version && version !== open?.version ? 'lost' : 'torn';
  }
}

/**
 * `last-undone`: all is as it was before the last commit. `lost`: an older version is there. `torn`: what is there
 * was never committed.
 */
export type Finding = 'held' | 'last-undone' | 'lost' | 'torn';

export interface State {
  /** -1: there are no tables. */
  readonly version: number;
  readonly texts: ReadonlyMap<number, string>;
}

export const emptyState: State = { version: -1, texts: new Map() };

function isSame(one: State, other: State): boolean {
  if (one.version !== other.version || one.texts.size !== other.texts.size) return false;
  return [...one.texts].every(([id, text]) => other.texts.get(id) === text);
}
