/** Shares of runs by strategy; they add up to 1. */
export type Weights = ReadonlyMap<string, number>;

/** By strategy, the probability that a run finds a bug. */
export type Chances = ReadonlyMap<string, number>;

/** The probability that a run finds a bug when each run draws its strategy. */
export function chanceOf(weights: Weights, chances: Chances): number {
  let sum = 0;
  for (const [strategy, weight] of weights) sum += weight * (chances.get(strategy) ?? 0);
  return sum;
}

/**
 * The weights under which the geometric mean over `bugs` of the expected runs to a bug is least, each strategy
 * keeping `least`. The logarithm of a mixture is concave in its weights, so there is one best, and expectation and
 * maximization by turns, as for any mixture of known components, come as close as one likes.
 * Dempster, Laird, Rubin: "Maximum Likelihood from Incomplete Data via the EM Algorithm", 1977.
 */
export function bestWeights(bugs: readonly Chances[], strategies: readonly string[], least: number): Weights {
  const free = 1 - least * strategies.length;
  let shares = new Map(strategies.map((strategy) => [strategy, 1 / strategies.length]));
  const weightsOf = (): Weights =>
    new Map([...shares].map(([strategy, share]) => [strategy, least + free * share]));
  for (let round = 0; round < rounds; round++) {
    const credit = new Map(strategies.map((strategy) => [strategy, 0]));
    let total = 0;
    for (const chances of bugs) {
      const chance = chanceOf(weightsOf(), chances);
      if (chance === 0) continue;
      for (const [strategy, share] of shares) {
        const part = (free * share * (chances.get(strategy) ?? 0)) / chance;
        credit.set(strategy, credit.get(strategy)! + part);
        total += part;
      }
    }
    if (total === 0) break;
    shares = new Map([...credit].map(([strategy, part]) => [strategy, part / total]));
  }
  return weightsOf();
}

/** Far more than it takes until no weight changes by a thousandth. */
const rounds = 2000;
