import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { pathPattern } from './operation.ts';
import { operations } from './operations.ts';
import { openApiDocument } from './openapi.ts';
import { type ApiLimits, type ApiOptions, limitsOf } from './options.ts';
import { problemResponse } from './problem.ts';
import { Readiness } from './readiness.ts';
import { RequestError } from './request-error.ts';
import { keyRoutes } from './routes/keys.ts';
import { readingRoutes } from './routes/reading.ts';
import { serviceRoutes } from './routes/service.ts';
import { writingRoutes } from './routes/writing.ts';
import { serve, type ServeContext } from './serve.ts';

/** Something that answers HTTP requests, wherever they come from. */
export interface Api {
  /** Never rejects: whatever fails is an answer. */
  fetch(request: Request): Promise<Response>;
}

/**
 * The database as an HTTP API; its operations are in operations.ts and, for users, at `/openapi.json`.
 *
 * It needs nothing but its ports: time, for deadlines, comes from the clock, and a request waits for others only
 * through the scheduler.
 */
export function createApi(options: ApiOptions): Api {
  const { database, access, ports, metricsText, corsOrigins = [] } = options;
  const limits = limitsOf(options.limits);
  const readiness = new Readiness(database);
  const context: ServeContext = { access, ports, limits, readiness };
  let made: object | undefined;
  const document = (): object => (made ??= openApiDocument());

  const app = new OpenAPIHono();
  const hasCors = corsOrigins.length > 0;
  app.use(answerOptions(hasCors));
  if (hasCors) app.use(corsOf(corsOrigins));
  app.use(async ({ req }, next) => {
    requireSmallHead(req.raw, limits);
    await next();
  });
  for (const route of [
    ...writingRoutes({ database, access }),
    ...readingRoutes({ database, access }),
    ...keyRoutes({ database, access }),
    ...serviceRoutes({ database, readiness, metricsText, document }),
  ]) {
    const { method, path } = route.operation;
    app.on(method.toUpperCase(), path.replaceAll(/\{(.+?)\}/g, ':$1'), ({ req }) =>
      serve(context, route, { request: req.raw, path: (name) => req.param(name) ?? '' }),
    );
  }
  app.notFound(({ req }) => problemResponse(unroutable(req.path)));
  app.onError((error) => problemResponse(error));

  return {
    fetch: async (request) => {
      const response = await app.fetch(request);
      response.headers.set('Cache-Control', 'no-store');
      response.headers.set('X-Content-Type-Options', 'nosniff');
      return response;
    },
  };
}

/** `OPTIONS` for those who are no browsers; a preflight is left to the rules of CORS, where there are any. */
function answerOptions(leavesPreflights: boolean): MiddlewareHandler {
  return ({ req }, next) => {
    if (req.method !== 'OPTIONS') return next();
    const methods = methodsOf(req.path);
    if (methods.length === 0) return Promise.resolve(problemResponse(unroutable(req.path)));
    if (leavesPreflights && req.header('access-control-request-method') !== undefined) return next();
    return Promise.resolve(new Response(null, { status: 204, headers: { Allow: methods.join(', ') } }));
  };
}

function corsOf(origins: '*' | readonly string[]) {
  return cors({
    origin: origins === '*' ? '*' : [...origins],
    allowMethods: (_origin, { req }) => [...methodsOf(req.path)],
    allowHeaders: ['Authorization', 'Content-Type'],
    exposeHeaders: ['Allow', 'Location', 'Retry-After', 'WWW-Authenticate'],
    maxAge: 600,
  });
}

/** Throws `RequestError`. */
function requireSmallHead({ url, headers }: Request, { urlBytesMax, headerBytesMax }: ApiLimits): void {
  if (url.length > urlBytesMax) {
    throw new RequestError('STEME_URL_TOO_LONG', `The URL has more than ${urlBytesMax} bytes: ask for less.`);
  }
  let bytes = 0;
  for (const [name, value] of headers) bytes += name.length + value.length;
  if (bytes > headerBytesMax) {
    const message = `The headers have more than ${headerBytesMax} bytes together: send fewer.`;
    throw new RequestError('STEME_HEADERS_TOO_LARGE', message);
  }
}

function unroutable(path: string): RequestError {
  const methods = methodsOf(path);
  if (methods.length === 0) {
    return new RequestError(
      'STEME_ROUTE_UNKNOWN',
      'There is nothing at this path; GET /openapi.json says what there is.',
    );
  }
  const Allow = methods.join(', ');
  return new RequestError('STEME_METHOD_NOT_ALLOWED', `This path takes ${Allow}.`, { headers: { Allow } });
}

const pathPatterns = Object.values(operations).map(({ id, path, method }) => ({
  id,
  pattern: pathPattern(path),
  method: method.toUpperCase(),
}));

/** The id of the operation that a request is for, `HEAD` included; `undefined` when it is for none. */
export function operationIdOf(method: string, path: string): string | undefined {
  const served = method === 'HEAD' ? 'GET' : method;
  return pathPatterns.find((one) => one.method === served && one.pattern.test(path))?.id;
}

/** None for a path that nobody serves. */
function methodsOf(path: string): readonly string[] {
  const served = pathPatterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (served.length === 0) return [];
  return [...served, ...(served.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
}
