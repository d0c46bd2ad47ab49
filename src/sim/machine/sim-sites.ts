import type { Sites, Telemetry } from '../../ports/index.ts';
import type { Choices, Draws } from '../choices/index.ts';

/** One of so many; 1 is always. FoundationDB has 4 and 4 (`P_BUGGIFIED_SECTION_ACTIVATED` and `_FIRES`, 0.25 each). */
export interface SiteRates {
  /** One of so many sites of a machine is active in a run; the others never fire. */
  readonly activeOutOf: number;
  /** An active site fires one of so many times that it is asked. */
  readonly firesOutOf: number;
}

interface SimSitesOptions {
  /** Name of the machine: part of the site of every draw. */
  readonly machine: string;
  readonly choices: Choices;
  readonly telemetry: Telemetry;
  readonly rates: SiteRates;
}

/**
 * Sites that fire by streams of the lane `fault`, each keyed by machine and site; 0 is not to fire. That few are
 * active in one run is what lets them fire often there: all at once, and each hides the others' doing.
 */
export class SimSites implements Sites {
  readonly #options: SimSitesOptions;
  /** `undefined`: asked before, and not active. */
  readonly #active = new Map<string, Draws | undefined>();

  constructor(options: SimSitesOptions) {
    this.#options = options;
  }

  fires(site: string): boolean {
    const { firesOutOf } = this.#options.rates;
    const draws = this.#active.has(site) ? this.#active.get(site) : this.#meet(site);
    if (draws?.choose(firesOutOf) !== firesOutOf - 1) return false;
    this.#options.telemetry.reached(`site.${site}`);
    return true;
  }

  /** Draws, the first time that it is asked, whether the site is active. */
  #meet(site: string): Draws | undefined {
    const { choices, machine, rates } = this.#options;
    const draws = choices.stream('fault', `${machine}:site:${site}`);
    const isActive = draws.choose(rates.activeOutOf) === rates.activeOutOf - 1;
    this.#active.set(site, isActive ? draws : undefined);
    return isActive ? draws : undefined;
  }
}
