import type { Database, Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import { emptyState, type State, type Transaction } from './ledger.ts';
import type { Mode } from './modes.ts';

const path = '/ledger.db';

/** Small, so that a transaction has many pages and does not fit in the cache: pages spill before the commit. */
const pageBytes = 512;
const cachePages = 10;
const pagesBetweenCheckpoints = 24;

/** A connection. Errors are SQLite's own. */
export class LedgerDatabase {
  readonly #db: Database;

  constructor(sqlite: Sqlite3Static) {
    this.#db = new sqlite.oo1.DB(path, 'c');
  }

  configure({ journal, synchronous }: Mode): void {
    // In exclusive mode WAL needs no shared memory; the rollback journals would never be deleted.
    const locking = journal === 'WAL' ? 'EXCLUSIVE' : 'NORMAL';
    this.#db.exec([
      `PRAGMA page_size = ${pageBytes};`,
      `PRAGMA locking_mode = ${locking};`,
      `PRAGMA journal_mode = ${journal};`,
      `PRAGMA synchronous = ${synchronous};`,
      `PRAGMA cache_size = ${cachePages};`,
      `PRAGMA wal_autocheckpoint = ${pagesBetweenCheckpoints};`,
    ]);
  }

  createTables(): void {
    this.#db.exec([
      'BEGIN;',
      'CREATE TABLE version (version INTEGER NOT NULL);',
      'CREATE TABLE cell (id INTEGER PRIMARY KEY, text TEXT NOT NULL);',
      'CREATE INDEX cell_by_text ON cell (text);',
      'INSERT INTO version VALUES (0);',
      'COMMIT;',
    ]);
  }

  /** All of it but how it ends. */
  change({ version, changes }: Transaction): void {
    const db = this.#db;
    db.exec('BEGIN');
    db.exec({ sql: 'UPDATE version SET version = ?', bind: [version] });
    for (const [id, text] of changes) {
      if (text === undefined) db.exec({ sql: 'DELETE FROM cell WHERE id = ?', bind: [id] });
      else db.exec({ sql: 'INSERT OR REPLACE INTO cell VALUES (?, ?)', bind: [id, text] });
    }
  }

  end({ ending }: Transaction): void {
    this.#db.exec(ending);
  }

  read(): State {
    const db = this.#db;
    if (db.selectValue("SELECT count(*) FROM sqlite_schema WHERE name = 'version'") === 0) return emptyState;
    const version = Number(db.selectValue('SELECT version FROM version'));
    const rows = db.selectArrays('SELECT id, text FROM cell');
    return { version, texts: new Map(rows.map(([id, text]) => [Number(id), String(text)])) };
  }

  /** `ok`, or what is wrong. */
  checkIntegrity(): string {
    return String(this.#db.selectValue('PRAGMA integrity_check'));
  }

  close(): void {
    this.#db.close();
  }
}
