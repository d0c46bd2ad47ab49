import { beforeEach, describe, expect, it } from 'vitest';
import { ApiBench, answered, base, signed } from './api.test-support.ts';
import { operationIdOf } from './index.ts';
import { operations } from './operations.ts';

let bench: ApiBench;
let writer: string;

beforeEach(async () => {
  bench = await ApiBench.start();
  writer = await bench.key(['writer']);
});

const zeros = '0'.repeat(64);

describe('a body', () => {
  const post = (body: unknown, headers: object = {}) =>
    bench.send('POST', '/v1/assertions', { key: writer, body, headers });

  it.each([
    ['cut off', '{"subject":', 'STEME_BODY_NOT_JSON'],
    ['with a comma too many', '{"a":1,}', 'STEME_BODY_NOT_JSON'],
    ['with NaN', '{"confidence":NaN}', 'STEME_BODY_NOT_JSON'],
    ['of nothing', new Uint8Array(0), 'STEME_BODY_NOT_JSON'],
    ['with a byte order mark', '\uFEFF{}', 'STEME_BODY_NOT_JSON'],
    ['that is no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'STEME_BODY_NOT_UTF8'],
  ])('%s is refused with 400', async (_, body, code) => {
    expect(await post(body)).toBeProblem(400, code);
  });

  it('that is no JSON is refused in words of our own: those of V8 differ from release to release', async () => {
    const details = new Set<unknown>();
    for (const body of ['{"subject":', '{"a":1,}', 'nul']) {
      details.add(((await post(body)).json as { readonly detail?: unknown }).detail);
    }
    expect([...details]).toEqual([expect.stringContaining('The body is no JSON')]);
  });

  it.each([
    ['a list', '[]', 'STEME_FIELD_TYPE'],
    ['null', 'null', 'STEME_FIELD_TYPE'],
    ['deep', '['.repeat(200_000) + ']'.repeat(200_000), 'STEME_FIELD_TYPE'],
    ['for the prototype', '{"__proto__":{"subject":"a"}}', 'STEME_FIELD_UNKNOWN'],
    ['empty', '{}', 'STEME_FIELD_MISSING'],
  ])('that is %s is judged by the model', async (_, body, code) => {
    expect(await post(body)).toBeProblem(422, code);
  });

  it('of another type, of none, or compressed is refused with 415', async () => {
    for (const headers of [
      { 'Content-Type': 'text/plain' },
      { 'Content-Type': 'application/jsonx' },
      { 'Content-Type': '' },
      { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    ]) {
      const refused = await post(signed(), headers);
      expect(refused).toBeProblem(415, 'STEME_MEDIA_TYPE');
      expect(refused.headers.get('accept')).toBe('application/json');
    }
    const charset = await post(signed(), { 'Content-Type': 'Application/JSON; charset=utf-8' });
    expect(charset.status).toBe(201);
  });

  it('too long is refused with 413, whether it says so or not, and is not read to its end', async () => {
    bench = await ApiBench.start({ limits: { bodyBytesMax: 1000 } });
    writer = await bench.key(['writer']);
    expect(await post('x'.repeat(1001), { 'Content-Length': '1001' })).toBeProblem(
      413,
      'STEME_BODY_TOO_LARGE',
    );
    let pulled = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(400));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    const headers = { Authorization: `Bearer ${writer}`, 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    const refused = await answered(await bench.fetch(new Request(`${base}/v1/assertions`, init)));
    expect(refused).toBeProblem(413, 'STEME_BODY_TOO_LARGE');
    expect(cancelled).toBe(true);
    expect(pulled).toBeLessThan(10);
    expect((await post(signed())).status).toBe(201);
  });

  it('that breaks off is refused, and nothing is written', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('reset')),
    });
    const headers = { Authorization: `Bearer ${writer}`, 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    const refused = await answered(await bench.fetch(new Request(`${base}/v1/assertions`, init)));
    expect(refused).toBeProblem(400, 'STEME_BODY_INTERRUPTED');
    expect(bench.database.calls).toBe(0);
  });

  it('may hold the longest claim there is', async () => {
    const text = '\0'.repeat(64 * 1024);
    const longest = '\0'.repeat(1024);
    const claim = signed({ subject: longest, predicate: longest, object: { type: 'text', value: text } });
    expect((await post(claim)).status).toBe(201);
    const name = '%00'.repeat(1024);
    const path = `/v1/query?subject=${name}&predicate=${name}&lens=vote-aware-consensus&lifecycle=under-review&asOf=1`;
    expect((await bench.send('GET', path, { key: writer })).status).toBe(200);
  });
});

describe('the head of a request', () => {
  it('with a URL too long is refused with 414', async () => {
    const refused = await bench.send('GET', `/v1/health?${'a'.repeat(13_000)}`);
    expect(refused).toBeProblem(414, 'STEME_URL_TOO_LONG');
  });

  it('with too much in its headers is refused with 431', async () => {
    const refused = await bench.send('GET', '/v1/health', { headers: { 'X-Long': 'a'.repeat(17_000) } });
    expect(refused).toBeProblem(431, 'STEME_HEADERS_TOO_LARGE');
  });

  it.each([
    ['text/html', 406],
    ['application/json;q=0', 406],
    ['application/json;q=0, */*', 406],
    ['application/*;q=0, */*', 406],
    ['nonsense', 406],
    ['application/json', 200],
    ['APPLICATION/JSON', 200],
    ['text/html, application/*;q=0.1', 200],
    ['text/html, */*;q=0.1', 200],
    ['*/*;q=0, application/json', 200],
    ['', 200],
  ])('that accepts %j is answered with %d', async (accept, status) => {
    const got = await bench.send('GET', '/v1/health', { headers: { Accept: accept } });
    if (status === 200) expect(got.status).toBe(200);
    else expect(got).toBeProblem(406, 'STEME_NOT_ACCEPTABLE');
  });
});

describe('a path', () => {
  it.each([
    '/',
    '/v1',
    '/v1/',
    '/v1/assertions/',
    '/v1/assertions/a/b',
    '//v1/health',
    '/V1/health',
    '/openapi.jsonx',
    '/%2e/x',
  ])('%s that nobody serves is 404, with a key and without', async (path) => {
    expect(await bench.send('GET', path)).toBeProblem(404, 'STEME_ROUTE_UNKNOWN');
    expect(await bench.send('OPTIONS', path, { key: writer })).toBeProblem(404, 'STEME_ROUTE_UNKNOWN');
  });

  it.each([
    ['PUT', '/v1/assertions', 'POST, GET, HEAD, OPTIONS'],
    ['GET', '/v1/keys/abc', 'DELETE, OPTIONS'],
    ['DELETE', '/v1/query', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ['HEAD', '/v1/keys/abc', 'DELETE, OPTIONS'],
    ['BREW', '/v1/votes', 'POST, OPTIONS'],
  ])('is not for %s %s: 405 says what it is for', async (method, path, allow) => {
    const refused = await bench.send(method, path, { key: writer });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(refused).toBeProblem(405, 'STEME_METHOD_NOT_ALLOWED');
  });

  it('says with OPTIONS what it is for', async () => {
    const { status, headers } = await bench.send('OPTIONS', '/v1/assertions');
    expect([status, headers.get('allow')]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers HEAD as it answers GET, without the body', async () => {
    for (const path of ['/v1/health', '/openapi.json', `/v1/assertions/${zeros}`, '/v1/quarantine']) {
      const [got, head] = [await bench.send('GET', path), await bench.send('HEAD', path)];
      expect([head.status, head.text]).toEqual([got.status, '']);
      expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(got.headers));
    }
  });
});

describe('any answer', () => {
  it('is kept by no cache and taken for no other type', async () => {
    for (const path of ['/v1/health', '/nowhere', `/v1/votes/${zeros}`]) {
      const { headers } = await bench.send('GET', path);
      expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual([
        'no-store',
        'nosniff',
      ]);
    }
  });
});

describe('pages of other origins', () => {
  const preflight = { Origin: 'https://here.example', 'Access-Control-Request-Method': 'POST' };

  it('are told nothing when none may use the API', async () => {
    const { status, headers } = await bench.send('OPTIONS', '/v1/assertions', { headers: preflight });
    expect(status).toBe(204);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('may use what their origin allows, and read refusals too', async () => {
    bench = await ApiBench.start({ corsOrigins: ['https://here.example'] });
    const { status, headers, text } = await bench.send('OPTIONS', '/v1/assertions', { headers: preflight });
    expect([status, text]).toEqual([204, '']);
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': 'https://here.example',
      'access-control-allow-methods': 'POST,GET,HEAD,OPTIONS',
      'access-control-allow-headers': 'Authorization,Content-Type',
      'access-control-max-age': '600',
      vary: expect.stringContaining('Origin'),
    });
    const origin = { Origin: 'https://here.example' };
    for (const path of ['/v1/health', '/nowhere', `/v1/votes/${zeros}`]) {
      const got = await bench.send('GET', path, { headers: origin });
      expect(got.headers.get('access-control-allow-origin')).toBe('https://here.example');
      expect(got.headers.get('access-control-expose-headers')).toContain('Retry-After');
      expect(got.headers.get('vary')).toContain('Origin');
    }
    expect(await bench.send('OPTIONS', '/nowhere', { headers: preflight })).toBeProblem(
      404,
      'STEME_ROUTE_UNKNOWN',
    );
    const stranger = await bench.send('GET', '/v1/health', { headers: { Origin: 'https://there.example' } });
    expect([stranger.status, stranger.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});

describe('the table of operations', () => {
  it('has each id, and each method on a path, once', () => {
    const all = Object.entries(operations);
    expect(all.map(([name, { id }]) => [name, id]).filter(([name, id]) => name !== id)).toEqual([]);
    expect(new Set(all.map(([, { method, path }]) => `${method} ${path}`)).size).toBe(all.length);
  });
});

describe('the operation of a request', () => {
  it.each(Object.values(operations))('$id is known by method and path', ({ id, method, path }) => {
    const target = path.replaceAll(/\{.+?\}/g, 'x');
    expect(operationIdOf(method.toUpperCase(), target)).toBe(id);
    expect(operationIdOf(method.toUpperCase(), `${target}/x/x`)).toBeUndefined();
    expect(operationIdOf('PATCH', target)).toBeUndefined();
  });

  it('is the same when only the head of the answer is asked for', () => {
    expect(operationIdOf('HEAD', '/v1/health')).toBe('health');
    expect(operationIdOf('HEAD', '/v1/query')).toBe(operationIdOf('GET', '/v1/query'));
  });
});
