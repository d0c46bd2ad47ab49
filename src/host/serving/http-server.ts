import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { errnoOf } from '../../ports/index.ts';
import { inRequestSpan } from './request-span.ts';

/** No server could be started at that address. */
export class HttpListenError extends Error {
  readonly code = 'STEME_HTTP_LISTEN';

  constructor(address: string, problem: string, options?: ErrorOptions) {
    super(`Cannot listen at ${address}: ${problem}`, options);
    this.name = 'HttpListenError';
  }
}

/** A request that was answered, or given up by whoever sent it. */
export interface AnsweredRequest {
  readonly method: string;
  /** As `operationOf` says. */
  readonly operation: string | undefined;
  readonly status: number;
  /** From its head to the end of the answer. */
  readonly durationMs: number;
}

export interface HttpServerOptions {
  /** A name or address of this machine. */
  readonly hostname: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Answers requests. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** What a request is for, by its method and the path of its target: to count and to trace it. */
  readonly operationOf?: (method: string, path: string) => string | undefined;
  readonly onAnswered?: (answered: AnsweredRequest) => void;
  /** Hears of what `fetch` throws, which it should not. */
  readonly onDefect?: (error: unknown) => void;
}

/** Room for the longest URL and the longest headers that the API takes: to refuse them is its part. */
const headBytesMax = 32 * 1024;

/** How long the head of a request, and all of it, may be in coming. */
const headTimeoutMs = 10_000;
const requestTimeoutMs = 60_000;

/** Timers of Node reach no further. */
const timerMsMax = 2 ** 31 - 1;

/** Answers HTTP/1.1 requests on a socket of this machine with a handler of the Fetch API, each in a span. */
export class HttpServer {
  readonly #server: Server;
  readonly #answering = new Set<ServerResponse>();
  #isStopping = false;

  private constructor(
    server: Server,
    answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
    { operationOf = () => undefined, onAnswered = () => undefined }: HttpServerOptions,
  ) {
    this.#server = server;
    server.on('clientError', refuseMalformed);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const begun = performance.now();
      const { method = '', url = '' } = request;
      const operation = operationOf(method, url.split('?', 1)[0] ?? '');
      if (this.#isStopping) response.shouldKeepAlive = false;
      this.#answering.add(response);
      response.once('close', () => {
        this.#answering.delete(response);
        const durationMs = performance.now() - begun;
        onAnswered({ method, operation, status: response.statusCode, durationMs });
      });
      void inRequestSpan(request, response, operation, () => answer(request, response));
    });
  }

  /** Resolves when connections are taken. Rejects with `HttpListenError`. */
  static async listen(options: HttpServerOptions): Promise<HttpServer> {
    const { hostname, port, fetch, onDefect = () => undefined } = options;
    const answer = getRequestListener(fetch, {
      hostname,
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        const isMalformed = error instanceof Error && error.name === 'RequestError';
        if (!isMalformed) onDefect(error);
        return isMalformed
          ? problemResponse(400, 'STEME_HTTP_MALFORMED', 'The request has no valid target or host.')
          : problemResponse(500, 'STEME_INTERNAL', 'The server could not do this.');
      },
    });
    const server = createServer({
      maxHeaderSize: headBytesMax,
      headersTimeout: headTimeoutMs,
      requestTimeout: requestTimeoutMs,
    });
    const http = new HttpServer(server, answer, options);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenErrorOf(hostname, port, error)));
      server.listen(port, hostname, resolve);
    });
    // From here on an error is that of one connection that could not be taken; the others go on.
    server.removeAllListeners('error').on('error', onDefect);
    return http;
  }

  /** Where it can be reached: `http://127.0.0.1:8080`. */
  get url(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /**
   * Takes no more connections, answers what was asked before, and closes. What is not answered after
   * `deadlineMs` is cut off. Resolves with the number of requests to which that happened.
   */
  async stop(deadlineMs: number): Promise<number> {
    this.#isStopping = true;
    let cutOff = 0;
    // Those that wait for nothing are closed by this as well.
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const response of this.#answering) response.shouldKeepAlive = false;
    const deadline = setTimeout(
      () => {
        cutOff = this.#answering.size;
        this.#server.closeAllConnections();
      },
      Math.min(deadlineMs, timerMsMax),
    );
    await closed;
    clearTimeout(deadline);
    return cutOff;
  }
}

/** A refusal by the server itself, worded as the API words its own: RFC 9457. */
export function problemResponse(status: number, code: string, detail: string): Response {
  return new Response(...problem(status, code, detail));
}

function listenErrorOf(hostname: string, port: number, error: Error): HttpListenError {
  const errno = errnoOf(error);
  const problems: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is in use by another program. Stop that, or take another port; 0 is any free one.`,
    EACCES: `this user may not use port ${port}. Take one from 1024 on.`,
    EADDRNOTAVAIL: `${hostname} is no address of this machine. 127.0.0.1 is, for programs on it alone.`,
    ENOTFOUND: `there is no host "${hostname}". 127.0.0.1 is this machine.`,
  };
  const problem = problems[errno ?? ''] ?? error.message;
  return new HttpListenError(`${hostname}:${port}`, problem, { cause: error });
}

/** What cannot be read as HTTP never becomes a request, and is answered here. */
function refuseMalformed(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [body, { status, headers }] = problemOfClient(error.code);
  const head = Object.entries({ ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' });
  socket.end(
    `HTTP/1.1 ${status} ${titles[status]}\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  );
}

function problemOfClient(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return problem(431, 'STEME_HEADERS_TOO_LARGE', 'The head of the request is too large; send less.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem(408, 'STEME_BODY_TOO_SLOW', 'The request did not arrive in time; send it again.');
    default:
      return problem(400, 'STEME_HTTP_MALFORMED', 'This is no HTTP/1.1 request, or a damaged one.');
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

type Problem = [body: string, init: { status: number; headers: Readonly<Record<string, string>> }];

function problem(status: number, code: string, detail: string): Problem {
  const body = { type: `urn:stemedb:error:${code}`, title: titles[status], status, detail, code };
  return [JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } }];
}
