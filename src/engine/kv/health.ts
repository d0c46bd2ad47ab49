import type { Telemetry } from '../../ports/index.ts';
import { StoreClosedError, StorePoisonedError } from './errors.ts';

/** Whether the store still takes calls. Both changes are for good. */
export class Health {
  readonly #telemetry: Telemetry;
  #poison: StorePoisonedError | undefined;
  #isClosed = false;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isPoisoned(): boolean {
    return this.#poison !== undefined;
  }

  /** Ends all writing, loudly. The first cause counts. Returns what later writes are rejected with. */
  poison(cause: unknown): StorePoisonedError {
    if (this.#poison === undefined) {
      this.#poison = new StorePoisonedError(cause);
      this.#telemetry.reached('kv.poisoned');
      this.#telemetry.log('error', 'kv.poisoned', { message: this.#poison.message });
    }
    return this.#poison;
  }

  close(): void {
    this.#isClosed = true;
  }

  assertOpen(): void {
    if (this.#isClosed) throw new StoreClosedError();
  }

  assertUnpoisoned(): void {
    if (this.#poison !== undefined) throw this.#poison;
  }
}
