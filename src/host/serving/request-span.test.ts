import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  type SpanStatus,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpServer } from './http-server.ts';

interface RecordedSpan {
  readonly name: string;
  readonly kind: SpanKind | undefined;
  readonly parent: unknown;
  readonly attributes: Attributes;
  status: SpanStatus | undefined;
  isEnded: boolean;
}

const spans: RecordedSpan[] = [];
const callerKey = createContextKey('caller');
const storage = new AsyncLocalStorage<Context>();

/** As much of an SDK as a server needs: it keeps the spans that were started. */
function registerSdk(): void {
  trace.setGlobalTracerProvider({
    getTracer: () => ({
      startSpan(name: string, { kind, attributes }: SpanOptions, parent: Context) {
        const span: RecordedSpan = {
          name,
          kind,
          parent: parent.getValue(callerKey),
          attributes: { ...attributes },
          status: undefined,
          isEnded: false,
        };
        spans.push(span);
        return {
          setAttribute: (key: string, value: string) => (span.attributes[key] = value),
          setStatus: (status: SpanStatus) => (span.status = status),
          end: () => (span.isEnded = true),
          spanContext: (): SpanContext => ({ traceId: 'of the server', spanId: name, traceFlags: 1 }),
        };
      },
    }),
  } as never);
  propagation.setGlobalPropagator({
    inject: () => undefined,
    extract: (parent, carrier, getter) => parent.setValue(callerKey, getter.get(carrier, 'traceparent')),
    fields: () => ['traceparent'],
  });
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...args) => storage.run(active, () => work.call(self as never, ...args)),
    bind: (_active, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
}

async function ask(status: number, path: string, headers: Record<string, string> = {}): Promise<string> {
  const server = await HttpServer.listen({
    hostname: '127.0.0.1',
    port: 0,
    operationOf: (_method, target) => (target === '/v1/query' ? 'query' : undefined),
    fetch: async (request) => {
      await request.text();
      return new Response(trace.getActiveSpan()?.spanContext().spanId ?? 'no span', { status });
    },
  });
  const text = await (await fetch(server.url + path, { headers })).text();
  await server.stop(10_000);
  return text;
}

// First: whoever has seen an SDK goes on using it.
describe('without an SDK', () => {
  it('a request is answered all the same, and no span is there', async () => {
    expect(await ask(200, '/v1/query')).toBe('no span');
    expect(spans).toEqual([]);
  });
});

describe('with an SDK of OpenTelemetry, each request', () => {
  beforeEach(registerSdk);
  afterEach(() => {
    spans.length = 0;
    trace.disable();
    propagation.disable();
    context.disable();
  });

  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('is one span, a child of that of whoever asks, which ends with the answer', async () => {
    await ask(200, '/v1/query?x=1', { traceparent });
    expect(spans).toEqual([
      {
        name: 'GET query',
        kind: SpanKind.SERVER,
        parent: traceparent,
        attributes: {
          'http.request.method': 'GET',
          'stemedb.operation': 'query',
          'http.response.status_code': 200,
        },
        status: undefined,
        isEnded: true,
      },
    ]);
  });

  it('is answered within its span, so that others can be its children', async () => {
    expect(await ask(200, '/v1/query')).toBe('GET query');
  });

  it('is a failed span when the server is to blame, and only then', async () => {
    await ask(404, '/nowhere');
    await ask(503, '/v1/query');
    expect(
      spans.map(({ name, status, attributes }) => [name, status?.code, attributes['error.type']]),
    ).toEqual([
      ['GET', undefined, undefined],
      ['GET query', SpanStatusCode.ERROR, '503'],
    ]);
  });
});
