import type { FaultInjector } from '../sim/index.ts';

/** A file that cannot be read once may be read the next time. */
const patience = 3;

/**
 * Restores from a good copy a file that a database says it cannot read, once it has said so of the file often enough.
 * Knows nothing but what it is told: a database that keeps it to itself, or names no file, is not helped.
 */
export class Operator {
  readonly #injector: FaultInjector;
  readonly #restored: (path: string) => void;
  readonly #mentions = new Map<string, number>();

  constructor(injector: FaultInjector, restored: (path: string) => void) {
    this.#injector = injector;
    this.#restored = restored;
  }

  /** What a log, or an error, says. */
  hear(text: string): void {
    for (const path of this.#injector.unreadable()) {
      if (!text.includes(path)) continue;
      const mentions = (this.#mentions.get(path) ?? 0) + 1;
      this.#mentions.set(path, mentions);
      if (mentions < patience) continue;
      this.#mentions.delete(path);
      this.#injector.restore(path);
      this.#restored(path);
    }
  }
}
