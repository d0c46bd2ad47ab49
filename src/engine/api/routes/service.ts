import type { ServedDatabase } from '../database.ts';
import { databaseMetrics } from '../metrics.ts';
import { operations } from '../operations.ts';
import type { Readiness } from '../readiness.ts';
import { ok, type Route } from '../route.ts';

interface ServiceContext {
  readonly database: ServedDatabase;
  readonly readiness: Readiness;
  readonly metricsText: (() => Promise<string>) | undefined;
  readonly document: () => object;
}

/** What the server says of itself. */
export function serviceRoutes(context: ServiceContext): readonly Route[] {
  const { database, readiness, metricsText, document } = context;
  return [
    {
      operation: operations.health,
      judge: () => async () => {
        readiness.require();
        const { durableOffset, ingestStatus } = database;
        return ok({ status: 'ready', durableOffset, ingestedOffset: ingestStatus.cursor });
      },
    },
    {
      operation: operations.metrics,
      judge: () => async () => ({
        status: 200,
        text: metricsText === undefined ? databaseMetrics(database) : await metricsText(),
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
      }),
    },
    { operation: operations.openapi, judge: () => async () => ok(document()) },
  ];
}
