import { StoreClosedError } from './errors.ts';
import type { Health } from './health.ts';
import type { Entry, ScanOptions, Snapshot } from './key-value-store.ts';
import { type ReadView, scanView, valueOf } from './read-view.ts';

/** A state of the store for reading, until it or the store is closed. */
export class StoreSnapshot implements Snapshot {
  readonly #view: ReadView;
  readonly #health: Health;
  #isClosed = false;

  constructor(view: ReadView, health: Health) {
    this.#view = view;
    this.#health = health;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#assertOpen();
    const found = this.#view.lookup(key);
    return valueOf(found instanceof Promise ? await found : found);
  }

  scan(options: ScanOptions = {}): AsyncIterableIterator<Entry> {
    return scanView(
      () => {
        this.#assertOpen();
        return this.#view.again();
      },
      options,
      () => this.#health.assertOpen(),
    );
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#view.letGo();
  }

  #assertOpen(): void {
    this.#health.assertOpen();
    if (this.#isClosed) throw new StoreClosedError();
  }
}
