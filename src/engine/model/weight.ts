import { ValidationError } from './errors.ts';
import { MILLIONTHS, WEIGHT_MILLIONTHS_MAX } from './limits.ts';
import { requireFinite, requireWeightMillionths } from './rules.ts';

/**
 * The integer that a weight with at most six decimals stands for. A double is taken for the decimal that it
 * is nearest to, as JSON parsers mean it: 0.1 is 100,000 millionths and 0.1 + 0.2 is too precise. Throws
 * `ValidationError`.
 */
export function weightToMillionths(weight: number): number {
  requireFinite(weight, 'weight');
  if (weight < 0) throw new ValidationError('STEME_WEIGHT_NEGATIVE', 'weight');
  const millionths = weight === 0 ? 0 : Math.round(weight * MILLIONTHS);
  if (millionths > WEIGHT_MILLIONTHS_MAX) throw new ValidationError('STEME_WEIGHT_TOO_GREAT', 'weight');
  // A division is rounded to the nearest double, just as the decimal was when it was read.
  if (millionths / MILLIONTHS !== weight) throw new ValidationError('STEME_WEIGHT_TOO_PRECISE', 'weight');
  return millionths;
}

/** The weight as a double; `weightToMillionths` gives the same integer back. */
export function weightFromMillionths(millionths: number): number {
  requireWeightMillionths(millionths);
  return millionths / MILLIONTHS;
}
