import type { Entropy } from '../../ports/index.ts';
import type { Draws } from '../choices/index.ts';

/** Bytes from one stream of draws, four at a time. */
export class SimEntropy implements Entropy {
  readonly #draws: Draws;

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 4) {
      const word = this.#draws.choose(2 ** 32);
      for (let byte = 0; byte < 4 && index + byte < length; byte++) bytes[index + byte] = word >>> (8 * byte);
    }
    return bytes;
  }
}
