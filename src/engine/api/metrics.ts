import type { ServedDatabase } from './database.ts';

/** What the database says of itself, as Prometheus text 0.0.4. */
export function databaseMetrics({ durableOffset, ingestStatus }: ServedDatabase): string {
  const { cursor, checkpoint, lagBytes, stopped } = ingestStatus;
  return [
    gauge('stemedb_log_durable_offset', 'Through which offset the log is durable.', durableOffset),
    gauge('stemedb_ingest_offset', 'Through which offset the log can be read.', cursor),
    gauge('stemedb_ingest_checkpoint_offset', 'A power loss takes ingest back to here at most.', checkpoint),
    gauge('stemedb_ingest_lag_bytes', 'Durable bytes of the log that cannot be read yet.', lagBytes),
    gauge('stemedb_ingest_stopped', '1 when ingest has stopped.', stopped === undefined ? 0 : 1),
  ].join('');
}

function gauge(name: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`;
}
