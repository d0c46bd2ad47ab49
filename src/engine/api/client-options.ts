import type { Ports } from '../../ports/index.ts';

export interface ClientOptions {
  /** Delivers a request: the platform's `fetch`, a simulated network, or the `fetch` of an `Api` itself. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Where the API is, such as `http://localhost:8080`. */
  readonly baseUrl: string;
  /** An API key; without one only what is public can be asked. */
  readonly key?: string;
  readonly ports: Pick<Ports, 'clock' | 'entropy' | 'scheduler'>;
  readonly retries?: Partial<RetryOptions>;
}

export interface RetryOptions {
  /** How often a request is sent, in all. Default 5. */
  readonly attemptsMax: number;
  /** How long one attempt may take. Default 15,000: longer than a server takes to give up. */
  readonly attemptTimeoutMs: number;
  /** The wait before the second attempt, at most; it doubles each time. Default 100. */
  readonly backoffMs: number;
  /** Default 5,000. */
  readonly backoffMsMax: number;
  /** A server that asks for a longer pause is not asked again. Default 60,000. */
  readonly retryAfterMsMax: number;
}

export const defaultRetries: RetryOptions = {
  attemptsMax: 5,
  attemptTimeoutMs: 15_000,
  backoffMs: 100,
  backoffMsMax: 5000,
  retryAfterMsMax: 60_000,
};
