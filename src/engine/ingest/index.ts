export { DatabaseClosedError, HashCollisionError, IngestStoppedError } from './errors.ts';
export { Ingestor, type IngestStatus } from './ingestor.ts';
export type { IngestOptions } from './options.ts';
export { decodeQuarantined, type QuarantinedRecord } from './quarantine.ts';
