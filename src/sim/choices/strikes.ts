import type { Choices, Stream } from './choices.ts';
import type { Draws } from './draws.ts';

/** One time at which a fault could strike, told by what is going on rather than by the number of a draw. */
export interface Chance {
  /** `syncError`, `dropRequest`. */
  readonly fault: string;
  /** A machine; or a route of messages, `agent-1>node-1`. */
  readonly where: string;
  /** The so-many-th process of the machine; 0 for messages. */
  readonly life: number;
  /** A call of the file system, or what is sent: `datasync`, `request POST /v1/assertions`. */
  readonly operation: string;
  /** Of the file; empty for messages. */
  readonly path: string;
}

/** Looks on as faults strike by draws; or knows beforehand which do. */
export interface StrikeWatch {
  /**
   * Asked once at each chance. `undefined`: the draws are to decide, and `struck` will hear of it. A label: it strikes,
   * and whatever else there is to decide is drawn under that label, in the lane `fault`.
   */
  decides(chance: Chance): string | false | undefined;
  /** The draws let it strike. Whatever else there is to decide is drawn through what is returned. */
  struck(chance: Chance, draws: Draws): Draws;
}

/** Decides at each chance whether a fault strikes, and where the rest of what it decides is drawn from. */
export class Strikes {
  readonly #choices: Choices;
  readonly #watch: StrikeWatch | undefined;
  readonly #details = new Map<string, Draws>();

  constructor(choices: Choices, watch: StrikeWatch | undefined) {
    this.#choices = choices;
    this.#watch = watch;
  }

  /** One in `outOf`, by `draws`: its last value. `chance` is asked for only where somebody looks on. */
  strikes(fault: string, outOf: number, draws: Stream, chance: () => Chance): boolean {
    const met = this.#watch && chance();
    const decided = met && this.#watch?.decides(met);
    if (decided === false) return false;
    if (decided !== undefined) {
      this.#details.set(fault, this.#choices.stream('fault', decided));
      return true;
    }
    if (draws.choose(outOf) !== outOf - 1) return false;
    if (met !== undefined) this.#details.set(fault, this.#watch!.struck(met, draws));
    return true;
  }

  /** For what else is to be decided of the last strike of `fault`, which came by `draws` or by a plan. */
  details(fault: string, draws: Stream): Draws {
    return this.#details.get(fault) ?? draws;
  }
}
