import type { Choices, StrikeWatch } from '../choices/index.ts';
import type { SimProcess } from '../machine/index.ts';
import type { Kernel, TaskOwner } from '../schedule/index.ts';
import { type Carrier, Exchange, type Parcel } from './exchange.ts';
import { FaultDice, type NetworkFault, type NetworkFaults } from './faults.ts';
import type { FetchHandler, Listener } from './listener.ts';
import { labelOf, requestMessage, type ResponseMessage, toResponse } from './message.ts';
import { Route } from './route.ts';

/** How one client reaches one server. */
export interface Link {
  /**
   * As the global `fetch`, but redirects are not followed and the server is the link's, whatever host the
   * URL names. Rejects with the `TypeError`s of Node's (`cause.code` is ECONNREFUSED, UND_ERR_SOCKET or
   * UND_ERR_HEADERS_TIMEOUT), and with the reason of the request's signal. A client that wants to wait
   * for less than five minutes sets a timer on its clock that aborts such a signal.
   */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
}

/** What happened to messages: a fault that struck, and two things that follow from faults. */
export type NetworkEvent = NetworkFault | 'reorder' | 'partitionLoss';

/** `pair` is `agent-1>node-1`, the client first. */
type OnEvent = (event: NetworkEvent, pair: string) => void;

export interface NetworkOptions {
  readonly kernel: Kernel;
  readonly choices: Choices;
  readonly faults: NetworkFaults;
  /** Looks on as faults strike, or decides it. */
  readonly watch?: StrikeWatch | undefined;
}

/** After so long without a response Node's `fetch` gives up. */
const silenceMicrosMax = 300_000_000;

/**
 * The network of a world: carries requests to the processes that answer them, and responses back. Every
 * message is buffered bytes, and its arrival a step of the kernel. Messages survive who sent them.
 */
export class Network implements TaskOwner, Carrier {
  readonly name = 'network';
  readonly dice: FaultDice;
  readonly #kernel: Kernel;
  readonly #listeners = new Map<string, Listener>();
  readonly #routes = new Map<string, Route>();
  /** Requests that wait: they follow their signals through weak references only. */
  readonly #held = new Set<object>();
  /** By pair: what ends the partition. */
  readonly #partitions = new Map<string, () => void>();
  #onEvent: OnEvent = () => undefined;

  constructor({ kernel, choices, faults, watch }: NetworkOptions) {
    this.#kernel = kernel;
    this.dice = new FaultDice(faults, choices, watch);
  }

  /** `listener` hears of everything that happens to messages from now on. */
  onEvent(listener: OnEvent): void {
    this.#onEvent = listener;
  }

  /** Requests to `address` are answered by `handler`, inside of `process` and for as long as that runs. */
  listen(address: string, process: SimProcess, handler: FetchHandler): Listener {
    const close = (): void => {
      if (this.#listeners.get(address) === listener) this.#listeners.delete(address);
    };
    const listener: Listener = { process, handler, close };
    this.#listeners.set(address, listener);
    process.onGone(close);
    return listener;
  }

  link(client: string, server: string): Link {
    const route = this.#route(client, server);
    return {
      fetch: async (input, init) => {
        const request = input instanceof Request && init === undefined ? input : new Request(input, init);
        const { signal } = request;
        signal.throwIfAborted();
        const message = await requestMessage(request);
        const answer = this.#kernel.park<ResponseMessage>(`${server} to answer ${labelOf(message)}`);
        const exchange = new Exchange(this, route, message, answer);
        const abort = (): void => exchange.abort(signal.reason);
        const held = { input, request };
        this.#held.add(held);
        signal.addEventListener('abort', abort);
        exchange.send();
        try {
          return toResponse(await answer.promise);
        } finally {
          signal.removeEventListener('abort', abort);
          this.#held.delete(held);
        }
      },
    };
  }

  /** Loses everything between the two for so long, or until `calm`. */
  partition(client: string, server: string, durationMicros: number): void {
    this.#cutOff(this.#route(client, server), durationMicros);
  }

  /** From now on nothing happens to messages, and all who were cut off from each other are so no longer. */
  calm(): void {
    this.dice.stop();
    for (const heal of this.#partitions.values()) heal();
  }

  listenerAt(address: string): Listener | undefined {
    return this.#listeners.get(address);
  }

  struck(fault: NetworkFault, { pair }: Route): void {
    this.#onEvent(fault, pair);
  }

  carry(route: Route, { what, request, arrive, lose }: Parcel): void {
    const { dice } = this;
    const told = `${what} ${request}`;
    const drop = (): void => {
      this.#onEvent('partitionLoss', route.pair);
      lose();
    };
    if (!this.#partitions.has(route.pair) && dice.strikes('partition', route.name, told)) {
      this.struck('partition', route);
      this.#cutOff(route, dice.micros('partition', route.name));
    }
    if (this.#partitions.has(route.pair)) return drop();
    let delayMicros = 0;
    if (dice.strikes('delay', route.name, told)) {
      this.struck('delay', route);
      delayMicros = dice.micros('delay', route.name);
    }
    const flight = route.depart(delayMicros);
    this.#kernel.post(this, what, route.name, delayMicros, () => {
      if (route.arrive(flight)) this.#onEvent('reorder', route.pair);
      if (!this.#partitions.has(route.pair)) return arrive();
      drop();
      return lostOutcome;
    });
  }

  whenSilent(route: Route, giveUp: () => void): () => void {
    const pending = this.#kernel.post(this, 'give-up', route.name, silenceMicrosMax, () => {
      giveUp();
      return 0;
    });
    return () => {
      pending.cancelled = true;
    };
  }

  #cutOff({ pair }: Route, durationMicros: number): void {
    this.#partitions.get(pair)?.();
    const heal = (): void => {
      pending.cancelled = true;
      if (this.#partitions.get(pair) === heal) this.#partitions.delete(pair);
    };
    const pending = this.#kernel.post(this, 'heal', pair, durationMicros, () => {
      heal();
      return 0;
    });
    this.#partitions.set(pair, heal);
  }

  #route(client: string, server: string): Route {
    const key = `${client}>${server}`;
    let route = this.#routes.get(key);
    if (route === undefined) {
      route = new Route(client, server);
      this.#routes.set(key, route);
    }
    return route;
  }
}

/** What the digest sees of a message that arrived nowhere. */
const lostOutcome = 0xffffffff;
