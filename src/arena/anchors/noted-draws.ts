import type { Draws } from '../../sim/index.ts';

/** Passes on what is drawn, and keeps it as on a tape: `[domain, value, domain, value, ...]`. */
export class NotedDraws implements Draws {
  readonly #inner: Draws;
  readonly #values: number[];

  constructor(inner: Draws, values: number[]) {
    this.#inner = inner;
    this.#values = values;
  }

  choose(domain: number): number {
    const value = this.#inner.choose(domain);
    if (domain > 1) this.#values.push(domain, value);
    return value;
  }
}
