import type { Ports } from '../../ports/index.ts';
import type { Access } from '../access/index.ts';
import type { ServedDatabase } from './database.ts';

export interface ApiLimits {
  /** Of a request body, before it is parsed. Default 1 MiB and 64 KiB: room for the longest record. */
  readonly bodyBytesMax: number;
  /** Of the names and values of all headers together. Default 16 KiB. */
  readonly headerBytesMax: number;
  /** Of the URL, scheme and host included. Default 12 KiB: the longest subject and predicate, each byte escaped. */
  readonly urlBytesMax: number;
  /** From the arrival of the head of a request to its answer, on the monotonic clock. Default 10,000. */
  readonly deadlineMs: number;
}

export interface ApiOptions {
  readonly database: ServedDatabase;
  readonly access: Access;
  readonly ports: Pick<Ports, 'clock' | 'scheduler' | 'telemetry'>;
  readonly limits?: Partial<ApiLimits>;
  /** Origins whose pages may use the API, such as `https://example.org`, or `*` for all. Default none. */
  readonly corsOrigins?: '*' | readonly string[];
  /** What `GET /v1/metrics` answers, as Prometheus text 0.0.4. Default: what the database says of itself. */
  readonly metricsText?: () => Promise<string>;
}

const kibibyte = 1024;

const defaults: ApiLimits = {
  bodyBytesMax: 1024 * kibibyte + 64 * kibibyte,
  headerBytesMax: 16 * kibibyte,
  urlBytesMax: 12 * kibibyte,
  deadlineMs: 10_000,
};

/** Fills in the defaults. */
export function limitsOf(limits: Partial<ApiLimits> = {}): ApiLimits {
  return { ...defaults, ...limits };
}
