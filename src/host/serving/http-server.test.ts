import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type AnsweredRequest, HttpServer } from './http-server.ts';

/** A handler whose answers come when they are let go. */
class HeldAnswers {
  readonly #waiting: (() => void)[] = [];
  #arrived: () => void = () => undefined;

  readonly fetch = async (request: Request): Promise<Response> => {
    const body = await request.text();
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#arrived();
    });
    return new Response(`${new URL(request.url).pathname} ${body}`);
  };

  /** Resolves once so many wait. */
  async waiting(count: number): Promise<void> {
    while (this.#waiting.length < count) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  letGo(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const here = { hostname: '127.0.0.1', port: 0 };

/** Sends bytes, and resolves with all that comes back. */
async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('HttpServer', () => {
  it('answers with what the handler says, and tells of each answer', async () => {
    const answered: AnsweredRequest[] = [];
    const server = await HttpServer.listen({
      ...here,
      fetch: (request) => new Response(request.method, { status: 201 }),
      operationOf: (method, path) => `${method} of ${path}`,
      onAnswered: (each) => answered.push(each),
    });
    const response = await fetch(`${server.url}/a?b=/c`, { method: 'PUT', body: 'x' });
    expect([response.status, await response.text()]).toEqual([201, 'PUT']);
    expect(await server.stop(10_000)).toBe(0);
    expect(answered).toMatchObject([{ method: 'PUT', operation: 'PUT of /a', status: 201 }]);
  });

  it('says how to reach it, also at an address of version 6', async () => {
    const server = await HttpServer.listen({ ...here, hostname: '::1', fetch: () => new Response('here') });
    expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await (await fetch(server.url)).text()).toBe('here');
    await server.stop(10_000);
  });

  it('answers what was asked before it was stopped, and nothing that comes later', async () => {
    const held = new HeldAnswers();
    const server = await HttpServer.listen({ ...here, fetch: held.fetch });
    const { url } = server;
    const early = [1, 2, 3].map((nth) => fetch(`${url}/${nth}`, { method: 'POST', body: 'early' }));
    await held.waiting(3);
    const stopped = server.stop(60_000);
    await expect(fetch(`${url}/late`)).rejects.toThrow('fetch failed');
    held.letGo();
    const answers = await Promise.all(early);
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual([
      '/1 early',
      '/2 early',
      '/3 early',
    ]);
    expect(answers.map(({ headers }) => headers.get('connection'))).toEqual(['close', 'close', 'close']);
    expect(await stopped).toBe(0);
  });

  it('does not wait for connections on which nothing is asked', async () => {
    const server = await HttpServer.listen({ ...here, fetch: () => new Response('answer') });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    expect(await server.stop(60_000)).toBe(0);
    await closed;
  });

  it('cuts off what is not answered by the deadline, and counts it', async () => {
    const held = new HeldAnswers();
    const server = await HttpServer.listen({ ...here, fetch: held.fetch });
    const unanswered = fetch(server.url).catch((error: unknown) => String(error));
    await held.waiting(1);
    expect(await server.stop(1)).toBe(1);
    expect(await unanswered).toBe('TypeError: fetch failed');
    held.letGo();
  });

  it('says what to do when the port is taken', async () => {
    const first = await HttpServer.listen({ ...here, fetch: () => new Response('first') });
    const port = Number(new URL(first.url).port);
    await expect(
      HttpServer.listen({ ...here, port, fetch: () => new Response('second') }),
    ).rejects.toMatchObject({
      code: 'STEME_HTTP_LISTEN',
      message: `Cannot listen at 127.0.0.1:${port}: port ${port} is in use by another program. Stop that, or take another port; 0 is any free one.`,
    });
    expect(await (await fetch(first.url)).text()).toBe('first');
    await first.stop(10_000);
  });

  it('answers a handler that fails with 500 and no details, and tells of the defect', async () => {
    const defects: unknown[] = [];
    const error = new Error('/etc/secret');
    const server = await HttpServer.listen({
      ...here,
      fetch: () => Promise.reject(error),
      onDefect: (defect) => defects.push(defect),
    });
    const response = await fetch(server.url);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      500,
      'application/problem+json',
    ]);
    const body = await response.text();
    expect(body).toContain('STEME_INTERNAL');
    expect(body).not.toContain('secret');
    expect(defects).toEqual([error]);
    await server.stop(10_000);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'STEME_HTTP_MALFORMED'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'STEME_HTTP_MALFORMED',
    ],
    ['no host', 'GET / HTTP/1.0\r\nHost: a b\r\nConnection: close\r\n\r\n', 400, 'STEME_HTTP_MALFORMED'],
    [
      'a head without end',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`,
      431,
      'STEME_HEADERS_TOO_LARGE',
    ],
  ])('refuses %s with a problem that says so', async (_, text, status, code) => {
    const server = await HttpServer.listen({ ...here, fetch: () => new Response('never') });
    const answer = await raw(server.url, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as object;
    expect(body).toMatchObject({ type: `urn:stemedb:error:${code}`, status, code });
    await server.stop(10_000);
  });
});
