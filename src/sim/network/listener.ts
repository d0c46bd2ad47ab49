import type { SimProcess } from '../machine/index.ts';

/** Answers requests, as `app.fetch` does. It must not reject: an error is a response. */
export type FetchHandler = (request: Request) => Promise<Response> | Response;

/** A process that answers at an address, until it closes that or is gone. */
export interface Listener {
  readonly process: SimProcess;
  readonly handler: FetchHandler;
  /** From now on connections are refused; what is being answered still is. */
  close(): void;
}
