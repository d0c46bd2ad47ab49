/** The first Ctrl-C, or SIGTERM, asks for an orderly end; a second one ends the process. */
export class Interruption {
  readonly #listeners = new Set<() => void>();
  #isRequested = false;

  constructor() {
    process.once('SIGINT', this.#request).once('SIGTERM', this.#request);
  }

  get isRequested(): boolean {
    return this.#isRequested;
  }

  /** Calls `listener` when it is asked for; returns how to call that off. */
  onRequest(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when it is asked for. */
  requested(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isRequested) resolve();
      else this.onRequest(resolve);
    });
  }

  /** Gives both signals their usual meaning back. */
  end(): void {
    process.removeListener('SIGINT', this.#request).removeListener('SIGTERM', this.#request);
  }

  readonly #request = (): void => {
    this.#isRequested = true;
    this.end();
    for (const listener of this.#listeners) listener();
  };
}
