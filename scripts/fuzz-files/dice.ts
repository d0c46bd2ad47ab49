import seedrandom from 'seedrandom';

/** What one case decides by chance: equal labels give equal decisions, on every machine. */
export class Dice {
  readonly #generator: { int32(): number };

  constructor(label: string) {
    this.#generator = seedrandom.tychei(label);
  }

  /** A whole number in `[0, bound)`; `bound` is 1 to 2^32. */
  below(bound: number): number {
    return Math.floor((this.#word() / 2 ** 32) * bound);
  }

  /** A whole number in `[least, most]`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** One of `values`, which has at least one. */
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** A length of at least 1 and at most `most`: small ones as often as large ones. */
  length(most: number): number {
    return this.between(1, Math.min(most, 2 ** this.below(17)));
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const word = this.#word();
      for (let byte = 0; byte < 4 && at + byte < length; byte += 1) bytes[at + byte] = word >>> (8 * byte);
    }
    return bytes;
  }

  #word(): number {
    return this.#generator.int32() >>> 0;
  }
}
