import seedrandom from 'seedrandom';

/** Uniform values of one generator. */
export interface Uniform {
  /** A value in `[0, domain)`, for a domain of at most 2^32. */
  below(domain: number): number;
}

/**
 * The generator of one labelled stream. Streams are keyed by string: seedrandom mixes every character
 * in and discards 20 values, so that neighbouring labels and seeds are unrelated.
 */
export function tycheiStream(key: string): Uniform {
  const generator = seedrandom.tychei(key);
  // One value ahead: nobody waits for the generator, which is a long chain of dependent operations.
  let word = generator.int32();
  return {
    below: (domain) => {
      const value = scale(word, domain);
      word = generator.int32();
      return value;
    },
  };
}

/** `word * domain / 2^32` rounded down, of an unsigned word. In integers alone where they suffice: half the time. */
function scale(word: number, domain: number): number {
  if (domain > 2 ** 15) return Math.floor(((word >>> 0) / 2 ** 32) * domain);
  return (Math.imul(word >>> 16, domain) + (Math.imul(word & 0xffff, domain) >>> 16)) >>> 16;
}
