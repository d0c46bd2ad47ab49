import { StemeError } from '../errors.ts';
import type { ServedDatabase } from './database.ts';
import { RequestError } from './request-error.ts';

/** After these the database takes no more writes until it is opened again. */
const FINAL: ReadonlySet<string> = new Set([
  'STEME_CLOSED',
  'STEME_KV_CLOSED',
  'STEME_KV_POISONED',
  'STEME_WAL_CLOSED',
  'STEME_WAL_POISONED',
]);

/** Whether it makes sense to send requests here. */
export class Readiness {
  readonly #database: ServedDatabase;
  #failure: string | undefined;

  constructor(database: ServedDatabase) {
    this.#database = database;
  }

  /** Learns from what a request failed with. */
  observe(error: unknown): void {
    if (error instanceof StemeError && FINAL.has(error.code)) this.#failure ??= error.code;
  }

  /** Throws `RequestError` when the database has to be opened again. */
  require(): void {
    const reason = this.#database.ingestStatus.stopped === undefined ? this.#failure : 'STEME_INGEST_STOPPED';
    if (reason === undefined) return;
    throw new RequestError('STEME_NOT_READY', `Alive, and not ready: ${reason}. Restart the server.`);
  }
}
