const nextAt = 0;
const heldAt = 1;
const words = 2;
const beyondEnd = 2 ** 31 - 1;

/** What a pool and all of its workers see: which position nobody has taken yet, and whether any may be taken now. */
export class Gate {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(shared = new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#words = new Int32Array(shared);
  }

  /** The next position: of this caller alone. */
  take(): number {
    return Atomics.add(this.#words, nextAt, 1);
  }

  /** Lets nobody have a position any more. */
  close(): void {
    Atomics.store(this.#words, nextAt, beyondEnd);
    this.hold(false);
  }

  /** Holds workers up before their next run, or lets them go on. */
  hold(isHeld: boolean): void {
    if (this.isHeld === isHeld) return;
    Atomics.store(this.#words, heldAt, isHeld ? 1 : 0);
    Atomics.notify(this.#words, heldAt);
  }

  get isHeld(): boolean {
    return Atomics.load(this.#words, heldAt) === 1;
  }

  /** Blocks this thread for as long as workers are held up. */
  wait(): void {
    while (this.isHeld) Atomics.wait(this.#words, heldAt, 1);
  }
}

/** More runs than any campaign plays. */
export const positionsMax = beyondEnd;
