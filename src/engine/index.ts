export { type ErrorCode, InvariantError, StemeError } from './errors.ts';
export {
  DatabaseClosedError,
  type IngestOptions,
  IngestStoppedError,
  type IngestStatus,
} from './ingest/index.ts';
export type { HybridStoreOptions } from './kv/index.ts';
export * from './model/index.ts';
export { type Receipt, type StemeConfig, StemeDB } from './stemedb.ts';
export type { StoreEntry } from './store-entries.ts';
export { type JournalOptions, WalCorruptError, WalPoisonedError } from './wal/index.ts';
