/** How many records a worker keeps before it sends them. */
export const postBatch = 32;

const beatsAt = 0;
const stepsAt = 1;
const countAt = 2;
const firstAt = 3;

/**
 * What a worker and its pool both see: that the worker makes progress, and which runs it has taken and not yet
 * sent, so that nothing is lost when it must be ended.
 */
export class Ledger {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  #isClosed = false;

  constructor(shared = new SharedArrayBuffer((firstAt + postBatch + 1) * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#words = new Int32Array(shared);
  }

  get beats(): number {
    return Atomics.load(this.#words, beatsAt);
  }

  /** There is progress: the run that was begun last has come to `steps`. */
  beat(steps: number): void {
    Atomics.store(this.#words, stepsAt, steps);
    Atomics.add(this.#words, beatsAt, 1);
  }

  /** Steps of the run that was begun last, as of its last beat. */
  get steps(): number {
    return Atomics.load(this.#words, stepsAt);
  }

  /** The run at `position` is begun. */
  take(position: number): void {
    const count = Atomics.load(this.#words, countAt);
    Atomics.store(this.#words, firstAt + count, position);
    Atomics.store(this.#words, countAt, count + 1);
    this.beat(0);
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
