/** One direction between a client and a server: what draws and counts of messages are kept by. */
export class Route {
  readonly from: string;
  readonly to: string;
  /** `agent-1>node-1`. */
  readonly name: string;
  /** The same for both directions. */
  readonly pair: string;
  readonly #reverse: Route | undefined;
  readonly #inFlight: Flight[] = [];

  constructor(from: string, to: string, reverse?: Route) {
    this.from = from;
    this.to = to;
    this.name = `${from}>${to}`;
    this.pair = reverse?.pair ?? this.name;
    this.#reverse = reverse ?? new Route(to, from, this);
  }

  get reverse(): Route {
    return this.#reverse ?? this;
  }

  /** A message leaves. */
  depart(delayMicros: number): Flight {
    const flight = { delayed: delayMicros > 0 };
    this.#inFlight.push(flight);
    return flight;
  }

  /** It arrives: whether it has overtaken one that left earlier and was delayed. */
  arrive(flight: Flight): boolean {
    const index = this.#inFlight.indexOf(flight);
    const overtaken = this.#inFlight.slice(0, index).some(({ delayed }) => delayed);
    this.#inFlight.splice(index, 1);
    return overtaken;
  }
}

interface Flight {
  readonly delayed: boolean;
}
