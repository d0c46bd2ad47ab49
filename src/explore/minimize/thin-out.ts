import type { Candidate } from './candidate.ts';
import type { Option, Search } from './search.ts';

/** Of so many items nobody would be surprised to hear that all are needed. */
const neededAtFirst = 8;

/** No item is taken that is needed as surely as this. */
const certain = 0.999;

/**
 * Takes away as many of `items` as it can, some at a time, and learns from what fails which of them are needed: those
 * are taken next of which it is most to be hoped. Far fewer tries than halves of halves need, where the needed ones lie
 * scattered [ProbDD: Wang, Shen, Chen, Xiong, Zhang, ESEC/FSE 2021]. The first of equals go first.
 */
export async function thinOut<T>(
  search: Search,
  items: readonly T[],
  without: (taken: readonly T[]) => Candidate,
  stepsMost = Infinity,
): Promise<void> {
  const share = Math.min(0.5, Math.max(0.02, neededAtFirst / items.length));
  let guesses: readonly Guess<T>[] = items.map((item) => ({ item, needed: share }));
  const end = search.steps + stepsMost;
  for (;;) {
    const left = end - search.steps;
    const success: Attempt<T> | undefined = await search.firstOf(attempts(guesses, without), left);
    if (success === undefined) return;
    const { taken } = success;
    guesses = success.guesses.filter((guess) => !taken.has(guess.item));
  }
}

interface Guess<T> {
  readonly item: T;
  /** How likely it is that nothing fails without it. */
  readonly needed: number;
}

interface Attempt<T> {
  readonly taken: ReadonlySet<T>;
  readonly guesses: readonly Guess<T>[];
}

/** One after the other, each as if those before had failed to fail. */
function* attempts<T>(
  first: readonly Guess<T>[],
  without: (taken: readonly T[]) => Candidate,
): Generator<Option<Attempt<T>>> {
  for (let guesses = first; ;) {
    const { taken, chance } = mostPromising(guesses);
    if (taken.size === 0) return;
    yield [without([...taken]), { taken, guesses }];
    guesses = guesses.map((guess) =>
      taken.has(guess.item) ? { ...guess, needed: guess.needed / (1 - chance) } : guess,
    );
  }
}

/** Of those least likely to be needed, as many as promise most: the more the better, and the less likely. */
function mostPromising<T>(guesses: readonly Guess<T>[]): { readonly taken: Set<T>; readonly chance: number } {
  const sorted = guesses
    .filter(({ needed }) => needed < certain)
    .toSorted((one, other) => one.needed - other.needed);
  let best = { count: 0, chance: 1, gain: 0 };
  let chance = 1;
  for (const [index, { needed }] of sorted.entries()) {
    chance *= 1 - needed;
    const count = index + 1;
    if (count * chance > best.gain) best = { count, chance, gain: count * chance };
  }
  return { taken: new Set(sorted.slice(0, best.count).map(({ item }) => item)), chance: best.chance };
}
