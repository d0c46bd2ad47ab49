import type { Draws } from '../sim/index.ts';

/** How far off something is: in `[1, max]`, near as likely as far; the calmest is far. */
export function drawDistance(draws: Draws, max: number): number {
  const octaves = 31 - Math.clz32(max);
  const octave = octaves - draws.choose(octaves + 1);
  return Math.min(max, 2 ** octave + draws.choose(2 ** octave));
}

/** How much of something there is: in `[0, max]`, little as likely as much; the calmest is none. */
export function drawAmount(draws: Draws, max: number): number {
  if (max === 0) return 0;
  const octave = draws.choose(33 - Math.clz32(max)) - 1;
  return octave < 0 ? 0 : Math.min(max, 2 ** octave + draws.choose(2 ** octave));
}
