/** A share of runs, with the interval in which the true one lies with 95 % confidence. */
export interface Probability {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Of a normal distribution, 95 % lie within so many standard deviations. */
const z = 1.959964;

/** `hits` of `trials` with Wilson's score interval (1927), which holds for few trials and for none that hit. */
export function probability(hits: number, trials: number): Probability {
  if (trials === 0) return { value: 0, low: 0, high: 1 };
  const value = hits / trials;
  const denominator = 1 + z ** 2 / trials;
  const centre = (value + z ** 2 / (2 * trials)) / denominator;
  const half = (z / denominator) * Math.sqrt((value * (1 - value)) / trials + z ** 2 / (4 * trials ** 2));
  return {
    value,
    low: hits === 0 ? 0 : Math.max(0, centre - half),
    high: hits === trials ? 1 : Math.min(1, centre + half),
  };
}

/** How hard a bug is to find by runs from seeds. */
export type Stratum = 'easy' | 'medium' | 'hard' | 'not found';

/** `easy`: more than one run in ten. `hard`: less than one in a thousand. */
export function stratumOf(detected: number, runs: number): Stratum {
  if (detected === 0) return 'not found';
  const share = detected / runs;
  if (share > 0.1) return 'easy';
  return share < 0.001 ? 'hard' : 'medium';
}

/** The middle one, the lower of two; `null` of none. */
export function median(values: readonly number[]): number | null {
  return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? null;
}
