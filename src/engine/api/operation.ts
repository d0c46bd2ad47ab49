import type { z } from '@hono/zod-openapi';
import { isPermitted, type Permission, ROLES } from '../access/index.ts';
import type { ProblemStatus } from './status.ts';

/** One method on one path, as it is routed, guarded, counted and documented. */
export interface Operation {
  readonly id: string;
  readonly method: 'delete' | 'get' | 'post';
  /** With its parameters in braces. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly description?: string;
  /** A key needs one of these; `public`: no key is needed, and none is looked at. */
  readonly permissions: readonly Permission[] | 'public';
  /** What it costs, besides 1 for each whole KiB of the body. */
  readonly cost: number;
  readonly pathParameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Of a JSON body. */
  readonly body?: z.ZodType;
  readonly successes: readonly Success[];
  /** Whether it may be sent again when nobody knows what became of it. */
  readonly idempotent: boolean;
  /** Whether it changes anything. */
  readonly writes: boolean;
  /** Of the body of a success. */
  readonly mediaType: string;
  /** Beyond those that follow from the rest. */
  readonly refusals?: readonly ProblemStatus[];
}

interface Success {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  /** Absent: there is no body. */
  readonly schema?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Every status of a problem that the operation can end in. A test finds each, and no other. */
export function problemStatuses(operation: Operation): readonly ProblemStatus[] {
  const { permissions, body, refusals = [] } = operation;
  const statuses: ProblemStatus[] = [400, 414, 431, 500, 503, ...refusals];
  if (hasContent(operation)) statuses.push(406);
  if (permissions !== 'public') {
    statuses.push(401, 429);
    const isForAll = ROLES.every((role) => permissions.some((permission) => isPermitted([role], permission)));
    if (!isForAll) statuses.push(403);
  }
  if (body !== undefined) statuses.push(408, 413, 415, 422);
  return [...new Set(statuses)].toSorted((one, other) => one - other);
}

/** Whether there is something to negotiate about. */
export function hasContent({ successes }: Operation): boolean {
  return successes.some(({ schema }) => schema !== undefined);
}

/** Matches the paths of an operation. */
export function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
}
