import type { StemeDB } from '../../engine/index.ts';
import type { MeteredTelemetry } from '../../host/serving/index.ts';

/** What a database says of itself whenever somebody looks. */
export function gaugesOf(db: StemeDB, telemetry: MeteredTelemetry): void {
  telemetry.gauge('log.durable-offset', 'Through which offset the log is durable.', () => db.durableOffset);
  telemetry.gauge('ingest.offset', 'Through which offset the log can be read.', () => db.ingestStatus.cursor);
  telemetry.gauge(
    'ingest.checkpoint-offset',
    'A power loss takes ingest back to here at most.',
    () => db.ingestStatus.checkpoint,
  );
  telemetry.gauge('ingest.stopped', '1 when ingest has stopped.', () =>
    db.ingestStatus.stopped === undefined ? 0 : 1,
  );
  telemetry.gauge('views.offset', 'Through which offset the views are made.', () =>
    db.viewStatus === undefined ? db.ingestStatus.cursor : db.viewStatus.throughOffset,
  );
  telemetry.gauge('views.stopped', '1 when no views are made any more; queries do without.', () =>
    db.viewStatus?.stopped === undefined ? 0 : 1,
  );
  telemetry.gauge(
    'kv.cache-hits',
    'Blocks that were read from memory since the start.',
    () => db.storeStats.cacheHits,
  );
  telemetry.gauge(
    'kv.cache-misses',
    'Blocks that had to be read from the disk since the start.',
    () => db.storeStats.cacheMisses,
  );
  telemetry.gauge('kv.cached-bytes', 'Blocks in memory.', () => db.storeStats.cachedBytes);
}
