/** One labelled stream of choices. */
export interface Draws {
  /**
   * A value in `[0, domain)`. 0 is always the calmest choice: no fault, first in line, no latency,
   * smallest operation. A domain of 1 is forced: it returns 0 and draws nothing.
   */
  choose(domain: number): number;
}

/** Where streams come from: equal sites give the same stream, and no site disturbs another. */
export interface DrawSource {
  /** The stream of `site`: a name that says what is being decided, with the causal chain that got there. */
  at(site: string): Draws;
}
