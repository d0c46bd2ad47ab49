import { type Choices, type Stream, Strikes, type StrikeWatch } from '../choices/index.ts';

/** One of `outOf` messages is struck, and no more than `max` in a run; `outOf` 0 switches the fault off. */
export interface FaultRate {
  readonly outOf: number;
  readonly max: number;
}

export interface TimedFaultRate extends FaultRate {
  /** It lasts 1 to this many virtual microseconds. */
  readonly microsMax: number;
}

/** What a network may do to the messages it carries. Each fault has a switch and a budget of its own. */
export interface NetworkFaults {
  /** The message takes longer; others overtake it. Short delays are as likely as long ones. */
  readonly delay: TimedFaultRate;
  /** The request never arrives. */
  readonly dropRequest: FaultRate;
  /** The request takes effect, and the response never arrives. */
  readonly dropResponse: FaultRate;
  /** The request arrives twice; whichever response comes first counts. */
  readonly duplicate: FaultRate;
  /** From this message on everything between the two is lost, for a while. */
  readonly partition: TimedFaultRate;
  /** The request takes effect, and the connection breaks before the response, or within its body. */
  readonly reset: FaultRate;
  /** Of requests whose server dies, so many hear nothing at all; the others are reset. */
  readonly silence: FaultRate;
}

export type NetworkFault = keyof NetworkFaults;

const never: FaultRate = { outOf: 0, max: 0 };

/** Loses nothing and delays nothing. */
export const calmNetwork: NetworkFaults = {
  delay: { ...never, microsMax: 0 },
  dropRequest: never,
  dropResponse: never,
  duplicate: never,
  partition: { ...never, microsMax: 0 },
  reset: never,
  silence: never,
};

/** Decides which messages are struck, and by what. */
export class FaultDice {
  readonly #faults: NetworkFaults;
  readonly #choices: Choices;
  readonly #strikes: Strikes;
  readonly #struck = new Map<NetworkFault, number>();
  #stopped = false;

  constructor(faults: NetworkFaults, choices: Choices, watch?: StrikeWatch) {
    this.#faults = faults;
    this.#choices = choices;
    this.#strikes = new Strikes(choices, watch);
  }

  /** From now on nothing strikes, and nothing is drawn. */
  stop(): void {
    this.#stopped = true;
  }

  /** Whether the next message of `route`, `what`, is struck. Draws nothing when the fault is off or used up. */
  strikes(fault: NetworkFault, route: string, what: string): boolean {
    const { outOf, max } = this.#faults[fault];
    const struck = this.#struck.get(fault) ?? 0;
    if (this.#stopped || outOf === 0 || struck >= max) return false;
    const isStruck = this.#strikes.strikes(fault, outOf, this.#stream(fault, route), () => ({
      fault,
      where: route,
      life: 0,
      operation: what,
      path: '',
    }));
    if (!isStruck) return false;
    this.#struck.set(fault, struck + 1);
    return true;
  }

  /** How long a fault that has struck lasts: short as likely as long. */
  micros(fault: 'delay' | 'partition', route: string): number {
    const { microsMax } = this.#faults[fault];
    const draws = this.#strikes.details(fault, this.#stream(fault, route));
    const octave = draws.choose(32 - Math.clz32(microsMax));
    return Math.min(microsMax, 2 ** octave + draws.choose(2 ** octave));
  }

  /** One of `domain` ways in which a response can be cut short; 0: before it began. */
  cut(route: string, domain: number): number {
    return this.#strikes.details('reset', this.#stream('reset', route)).choose(domain);
  }

  #stream(fault: NetworkFault, route: string): Stream {
    return this.#choices.stream(fault === 'delay' ? 'schedule' : 'fault', `${route}:${fault}`);
  }
}
