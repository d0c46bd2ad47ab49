import { invariant, StemeError } from '../errors.ts';
import type { ApiKey } from '../access/index.ts';
import { parseJson, readBody, requireJson } from './body.ts';
import { requireAcceptable } from './negotiation.ts';
import { hasContent } from './operation.ts';
import type { ApiLimits, ApiOptions } from './options.ts';
import { Parameters } from './parameters.ts';
import { problemResponse } from './problem.ts';
import { raceDeadline } from './race.ts';
import type { Readiness } from './readiness.ts';
import { RequestError } from './request-error.ts';
import { Progress } from './progress.ts';
import type { Reply, Route } from './route.ts';
import { durableReply } from './routes/writing.ts';
import { isIndeterminate, statusOf } from './status.ts';

const kibibyte = 1024;

export interface ServeContext extends Pick<ApiOptions, 'access' | 'ports'> {
  readonly limits: ApiLimits;
  readonly readiness: Readiness;
}

/** A request and the parameters of its path, which are not judged yet. */
export interface Routed {
  readonly request: Request;
  path(name: string): string;
}

/** Answers a request in time, whatever happens. Never rejects. */
export async function serve(context: ServeContext, route: Route, routed: Routed): Promise<Response> {
  const { ports, limits } = context;
  const { operation } = route;
  const progress = new Progress();
  const begunMs = ports.clock.monotonicMs();
  const outcome = await raceDeadline(ports, `request ${operation.id}`, limits.deadlineMs, () =>
    answer(context, route, routed, progress),
  );
  ports.telemetry.measure('api.request-ms', ports.clock.monotonicMs() - begunMs);
  switch (outcome.kind) {
    case 'done':
      return responseOf(outcome.value);
    case 'failed':
      return failure(context, route, progress, outcome.error);
    case 'late':
      return late(context, progress);
  }
}

/** The order of the checks is the order of the statuses: nothing is written, charged or told before they are passed. */
async function answer(
  { access, limits }: ServeContext,
  { operation, judge }: Route,
  { request, path }: Routed,
  progress: Progress,
): Promise<Reply> {
  const { headers } = request;
  if (hasContent(operation)) requireAcceptable(headers.get('accept'), operation.mediaType);
  let key: ApiKey | undefined;
  if (operation.permissions !== 'public') {
    key = await access.authenticate(bearerOf(headers.get('authorization')));
    access.requirePermission(key, operation.permissions);
  }
  const parameters = new Parameters(request.url, Object.keys(operation.query?.shape ?? {}));
  let bytes: Uint8Array | undefined;
  if (operation.body !== undefined) {
    requireJson(headers);
    progress.isReceiving = true;
    bytes = await readBody(request, limits.bodyBytesMax);
    progress.isReceiving = false;
  }
  const cost = operation.cost + Math.floor((bytes?.length ?? 0) / kibibyte);
  if (key !== undefined) access.admit(key, cost);
  const run = judge({
    parameters,
    path,
    body: bytes && parseJson(bytes),
    get key() {
      invariant(key !== undefined, 'a public operation asks for nobody');
      return key;
    },
    progress,
  });
  // Only now: who is refused leaves no trace in the store.
  if (key !== undefined) await access.charge(key, cost);
  return run();
}

function failure(context: ServeContext, { operation }: Route, progress: Progress, error: unknown): Response {
  const { telemetry } = context.ports;
  context.readiness.observe(error);
  const code = error instanceof StemeError ? error.code : 'STEME_INTERNAL';
  if (statusOf(code) >= 500) {
    const reason = error instanceof Error ? error.message : String(error);
    telemetry.log('error', 'api.request-failed', { operation: operation.id, code, reason });
  }
  if (progress.durable !== undefined) {
    telemetry.reached('api.durable-not-ingested');
    return responseOf(durableReply(202, progress.durable));
  }
  const indeterminate = progress.isWriting && isIndeterminate(error);
  if (indeterminate) telemetry.reached('api.indeterminate');
  return problemResponse(error, indeterminate);
}

function late({ ports, limits }: ServeContext, progress: Progress): Response {
  progress.giveUp();
  ports.telemetry.reached('api.deadline-passed');
  if (progress.durable !== undefined) return responseOf(durableReply(202, progress.durable));
  const within = `within ${limits.deadlineMs} ms`;
  if (progress.isReceiving) {
    const message = `The body was not here ${within}. Send it again, or a smaller one.`;
    return problemResponse(new RequestError('STEME_BODY_TOO_SLOW', message));
  }
  const { isWriting } = progress;
  const outcome = isWriting ? 'It may have been written all the same.' : 'Nothing was written.';
  const message = `There was no answer ${within}. ${outcome} To send a claim or a vote again is safe.`;
  return problemResponse(new RequestError('STEME_DEADLINE_PASSED', message), isWriting);
}

function responseOf({ status, json, text, headers }: Reply): Response {
  const type = json === undefined ? undefined : { 'Content-Type': 'application/json' };
  const body = json === undefined ? (text ?? null) : JSON.stringify(json);
  return new Response(body, { status, headers: { ...type, ...headers } });
}

function bearerOf(authorization: string | null): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(authorization ?? '')?.[1];
}
