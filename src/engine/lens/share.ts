/** `part` of `whole` as the nearest double, however great both are; 0 of nothing. `part` is at most `whole`. */
export function shareOf(part: bigint, whole: bigint): number {
  if (part === 0n) return 0;
  if (whole <= Number.MAX_SAFE_INTEGER) return Number(part) / Number(whole);
  // A quotient of at least 60 bits, and one more bit that says whether it is exact, round as the whole would.
  const shift = 64n + 4n * BigInt(hexDigitsOf(whole) - hexDigitsOf(part));
  const scaled = part << shift;
  const quotient = scaled / whole;
  const inexact = quotient * whole === scaled ? 0n : 1n;
  return Number((quotient << 1n) | inexact) / 2 ** Number(shift + 1n);
}

/**
 * How evenly shares that sum up to 1 are spread: their entropy, -Σ p ln p in the order given, by the greatest that so
 * many positive shares can have. From 0, one has all, to 1, all have the same.
 */
export function normalisedEntropy(shares: readonly number[]): number {
  const positive = shares.filter((share) => share > 0);
  if (positive.length < 2) return 0;
  let entropy = 0;
  for (const share of positive) entropy -= share * Math.log(share);
  return Math.min(1, entropy / Math.log(positive.length));
}

function hexDigitsOf(value: bigint): number {
  return value.toString(16).length;
}
