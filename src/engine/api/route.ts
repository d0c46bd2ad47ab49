import type { Access, ApiKey } from '../access/index.ts';
import type { ServedDatabase } from './database.ts';
import type { Operation } from './operation.ts';
import type { Parameters } from './parameters.ts';
import type { Progress } from './progress.ts';

/** A request whose sender is known and whose body is here. */
export interface Exchange {
  readonly parameters: Parameters;
  /** A parameter of the path. */
  path(name: string): string;
  /** Parsed JSON of any shape; `undefined` where an operation takes no body. */
  readonly body: unknown;
  /** Throws where an operation is public. */
  readonly key: ApiKey;
  readonly progress: Progress;
}

export interface Reply {
  readonly status: 200 | 201 | 202 | 204;
  /** Sent as JSON. */
  readonly json?: object;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What is done for an operation, in two steps. `judge` reads the request, refuses what breaks a rule or is not
 * allowed, and touches nothing; what it returns is run when the quota has been charged.
 */
export interface Route {
  readonly operation: Operation;
  judge(exchange: Exchange): () => Promise<Reply>;
}

export interface RouteContext {
  readonly database: ServedDatabase;
  readonly access: Access;
}

export function ok(json: object): Reply {
  return { status: 200, json };
}
