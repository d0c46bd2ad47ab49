const levels = '▁▂▃▄▅▆▇█';

/** One character a value, the greatest the highest; without any height a flat line. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 1);
  return values.map((value) => levels[Math.round((value / most) * (levels.length - 1))]).join('');
}

/** How many of `times` had come by the end of each of `count` equal spans of 0 to `end`. */
export function cumulative(times: readonly number[], end: number, count: number): number[] {
  const counts = Array.from({ length: count }, () => 0);
  for (const time of times) {
    const span = end <= 0 ? 0 : Math.floor((time / end) * count);
    counts[Math.min(count - 1, Math.max(0, span))]! += 1;
  }
  let sum = 0;
  return counts.map((one) => (sum += one));
}
