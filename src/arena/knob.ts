import type { Choices } from '../sim/index.ts';

/** One of `values`, drawn once for a run, unless it was given by name; the first is the calmest. */
export function drawKnob<T>(
  choices: Choices,
  given: Readonly<Record<string, string>> | undefined,
  name: string,
  values: readonly [T, ...T[]],
): T {
  const wanted = given?.[name];
  const value =
    wanted === undefined
      ? values[choices.stream('knobs', name).choose(values.length)]
      : values.find((one) => String(one) === wanted);
  return value ?? values[0];
}
