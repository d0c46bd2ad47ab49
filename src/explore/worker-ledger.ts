/** How many records a worker keeps before it sends them. */
export const postBatch = 32;

const countAt = 0;
const firstAt = 1;

/**
 * What a worker and its pool both see: which runs the worker has taken and not yet sent, so that nothing is lost when
 * it must be ended.
 */
export class Ledger {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  #isClosed = false;

  constructor(shared = new SharedArrayBuffer((firstAt + postBatch + 1) * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#words = new Int32Array(shared);
  }

  /** The run at `position` is begun. */
  take(position: number): void {
    const count = Atomics.load(this.#words, countAt);
    Atomics.store(this.#words, firstAt + count, position);
    Atomics.store(this.#words, countAt, count + 1);
  }

  /** All that was taken has been sent. */
  settle(): void {
    Atomics.store(this.#words, countAt, 0);
  }

  /** Positions of the runs that were taken and not sent; the last is the one that is being played. */
  taken(): number[] {
    return [...this.#words.subarray(firstAt, firstAt + Atomics.load(this.#words, countAt))];
  }

  /** Of the pool alone: its worker is being ended. */
  close(): void {
    this.#isClosed = true;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }
}
