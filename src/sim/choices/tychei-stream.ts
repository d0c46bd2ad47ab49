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
  return {
    below: (domain) => Math.floor(((generator.int32() >>> 0) / 2 ** 32) * domain),
  };
}
