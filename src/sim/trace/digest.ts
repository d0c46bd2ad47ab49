/** FNV-1a over UTF-16 code units: the 32 bits that stand for a name in a digest. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A rolling 64-bit digest of 32-bit words: two lanes of MurmurHash3's mixing step, crossed after every
 * step of the run. Not cryptographic; two runs that differ anywhere differ here but once in 2^64.
 */
export class RollingDigest {
  #high = 0x9368e53c | 0;
  #low = 0x586dcd20 | 0;

  /** Folds one step in. Every argument is taken modulo 2^32, so virtual time counts modulo 71 minutes. */
  fold(timeMicros: number, task: number, operation: number, resource: number, outcome: number): void {
    const high = mix(mix(this.#high, timeMicros | 0), task + Math.imul(operation, 0x9e3779b1));
    const low = mix(mix(this.#low, resource), outcome);
    this.#high = (high + low) | 0;
    this.#low = low ^ Math.imul(high, 0x85ebca6b);
  }

  /** The low 32 bits, for a cheap fingerprint of one step. */
  get fingerprint(): number {
    return this.#low >>> 0;
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    const hex = (word: number): string => (finish(word) >>> 0).toString(16).padStart(8, '0');
    return hex(this.#high) + hex(this.#low ^ this.#high);
  }
}

function mix(hash: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51);
  mixed = (mixed << 15) | (mixed >>> 17);
  mixed = Math.imul(mixed, 0x1b873593);
  const next = hash ^ mixed;
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
