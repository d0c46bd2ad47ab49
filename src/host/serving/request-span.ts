import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('stemedb');

/**
 * Answers a request in a span of OpenTelemetry, a child of the one that its headers name, by the semantic
 * conventions for HTTP servers. It ends when the answer was sent, or nobody waits for it any more. Goes wherever
 * the SDK that was registered takes it; without one nothing is recorded.
 */
export function inRequestSpan<T>(
  { method = '', headers }: IncomingMessage,
  response: ServerResponse,
  operation: string | undefined,
  answer: () => T,
): T {
  const caller = propagation.extract(context.active(), headers);
  const name = operation === undefined ? method : `${method} ${operation}`;
  const span = tracer.startSpan(
    name,
    {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': method,
        ...(operation !== undefined && { 'stemedb.operation': operation }),
      },
    },
    caller,
  );
  response.once('close', () => {
    const { headersSent, statusCode } = response;
    if (headersSent) span.setAttribute('http.response.status_code', statusCode);
    if (headersSent && statusCode >= 500) {
      span.setAttribute('error.type', String(statusCode));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  });
  return context.with(trace.setSpan(caller, span), answer);
}
