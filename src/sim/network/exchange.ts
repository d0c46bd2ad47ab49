import { ProcessGoneError } from '../machine/index.ts';
import type { Parked } from '../../ports/index.ts';
import { connectionRefused, connectionReset, headersTimeout } from './errors.ts';
import type { FaultDice, NetworkFault } from './faults.ts';
import { labelOf, type RequestMessage, type ResponseMessage, responseMessage, toRequest } from './message.ts';
import type { Listener } from './listener.ts';
import type { Route } from './route.ts';

/** A message on its way. */
export interface Parcel {
  readonly what: 'request' | 'response' | 'reset' | 'refusal';
  /** `POST /v1/assertions`. */
  readonly request: string;
  /** Returns what the digest sees of it. */
  arrive(): number;
  lose(): void;
}

/** What an exchange needs of the network that carries it. */
export interface Carrier {
  readonly dice: FaultDice;
  /** Puts a message on its way. One of `arrive` and `lose` is called, now or later. */
  carry(route: Route, parcel: Parcel): void;
  /** Who answers at `address` at this moment. */
  listenerAt(address: string): Listener | undefined;
  struck(fault: NetworkFault, route: Route): void;
  /** Calls `giveUp` when a client has heard nothing for as long as it waits; returns how to call that off. */
  whenSilent(route: Route, giveUp: () => void): () => void;
}

/**
 * One request and what becomes of it. The client hears exactly once: a response, an error, or, where
 * something of it was lost and nothing else came, that it has waited too long.
 */
export class Exchange {
  readonly #carrier: Carrier;
  readonly #there: Route;
  readonly #back: Route;
  readonly #request: RequestMessage;
  readonly #client: Parked<ResponseMessage>;
  readonly #label: string;
  #settled = false;
  #callOff: (() => void) | undefined;

  constructor(carrier: Carrier, there: Route, request: RequestMessage, client: Parked<ResponseMessage>) {
    this.#carrier = carrier;
    this.#there = there;
    this.#back = there.reverse;
    this.#request = request;
    this.#label = labelOf(request);
    this.#client = client;
  }

  send(): void {
    const copies = this.#strikes('duplicate', this.#there) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#strikes('dropRequest', this.#there)) this.#lose();
      else this.#carry(this.#there, 'request', () => this.#arrive());
    }
  }

  /** The client does not wait any longer; what was sent goes its way. */
  abort(reason: unknown): void {
    this.#settle(() => this.#client.fail(reason));
  }

  #arrive(): number {
    const listener = this.#carrier.listenerAt(this.#there.to);
    if (listener === undefined) this.#fail('refusal', connectionRefused(this.#there.to));
    else void this.#serve(listener);
    return this.#request.fingerprint;
  }

  /** A handler that rejects is a defect of the server: the rejection is left for the world to find. */
  async #serve({ process, handler }: Listener): Promise<void> {
    let response: ResponseMessage;
    try {
      response = await process.call(this.#label, async () =>
        responseMessage(await handler(toRequest(this.#request))),
      );
    } catch (error) {
      if (!(error instanceof ProcessGoneError)) throw error;
      if (this.#strikes('silence', this.#back)) this.#lose();
      else this.#fail('reset', connectionReset());
      return;
    }
    if (this.#strikes('dropResponse', this.#back)) this.#lose();
    else if (this.#strikes('reset', this.#back)) this.#cut(response);
    else this.#respond(response);
  }

  #cut(response: ResponseMessage): void {
    const { body } = response;
    const ways = 1 + (body === undefined ? 0 : 1 + body.length);
    const way = this.#carrier.dice.cut(this.#back.name, ways);
    if (way === 0) this.#fail('reset', connectionReset());
    else this.#respond({ ...response, cutAt: way - 1 });
  }

  #respond(response: ResponseMessage): void {
    this.#carry(this.#back, 'response', () => {
      this.#settle(() => this.#client.wake(response));
      return response.fingerprint;
    });
  }

  #fail(what: 'reset' | 'refusal', error: Error): void {
    this.#carry(this.#back, what, () => {
      this.#settle(() => this.#client.fail(error));
      return 0;
    });
  }

  #carry(route: Route, what: Parcel['what'], arrive: () => number): void {
    this.#carrier.carry(route, { what, request: this.#label, arrive, lose: () => this.#lose() });
  }

  #strikes(fault: NetworkFault, route: Route): boolean {
    if (!this.#carrier.dice.strikes(fault, route.name, this.#label)) return false;
    this.#carrier.struck(fault, route);
    return true;
  }

  #lose(): void {
    if (this.#settled) return;
    this.#callOff ??= this.#carrier.whenSilent(this.#there, () =>
      this.#settle(() => this.#client.fail(headersTimeout())),
    );
  }

  /** The first to tell the client counts: a parked task is woken once. */
  #settle(tell: () => void): void {
    this.#settled = true;
    this.#callOff?.();
    tell();
  }
}
