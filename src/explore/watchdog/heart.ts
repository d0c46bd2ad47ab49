const beatsAt = 0;
const stepsAt = 1;
const taskLengthAt = 2;
const words = 3;
const taskBytesMax = 200;

/** Shared memory in which one thread says that it makes progress, and another sees that it does. */
export class Heart {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #task: Uint8Array;

  constructor(shared = new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT + taskBytesMax)) {
    this.shared = shared;
    this.#words = new Int32Array(shared, 0, words);
    this.#task = new Uint8Array(shared, this.#words.byteLength);
  }

  get beats(): number {
    return Atomics.load(this.#words, beatsAt);
  }

  /** There is progress: the run that was begun last has come to `steps`, the last of them of `task`. */
  beat(steps: number, task = ''): void {
    Atomics.store(this.#words, taskLengthAt, new TextEncoder().encodeInto(task, this.#task).written);
    Atomics.store(this.#words, stepsAt, steps);
    Atomics.add(this.#words, beatsAt, 1);
  }

  /** Steps of the run that was begun last, as of its last beat. */
  get steps(): number {
    return Atomics.load(this.#words, stepsAt);
  }

  /** Whose step that was; empty when nobody said. */
  get task(): string {
    // A decoder takes no shared memory.
    return new TextDecoder().decode(this.#task.slice(0, Atomics.load(this.#words, taskLengthAt)));
  }
}

let own: Heart | undefined;

/** From now on what this thread plays beats there. */
export function giveHeart(shared: SharedArrayBuffer): void {
  own = new Heart(shared);
}

/** For whoever listens to this thread, if anybody does. */
export function beat(steps: number, task?: string): void {
  own?.beat(steps, task);
}
