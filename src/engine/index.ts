export type { IssuedApiKey } from './access/index.ts';
export type { AskedQuery, ContributingClaim, QueryAudit } from './audit/index.ts';
export { type ErrorCode, InvariantError, StemeError } from './errors.ts';
export {
  DatabaseClosedError,
  HashCollisionError,
  type IngestOptions,
  IngestStoppedError,
  type IngestStatus,
  type QuarantinedRecord,
} from './ingest/index.ts';
export { type HybridStoreOptions, StoreCorruptError } from './kv/index.ts';
export { layoutOf } from './layout.ts';
export type { Agreement, Ranked, Resolution, VoteTally } from './lens/index.ts';
export * from './model/index.ts';
export type { Answer, ListedClaim, Page, PageOptions, Query, QueryOptions } from './query/index.ts';
export { type ClaimFilter, QueryTooLargeError } from './resolve/index.ts';
export { sites } from './sites.ts';
export { type Receipt, type StemeConfig, StemeDB } from './stemedb.ts';
export type { StoreEntry } from './store-entries.ts';
export { type JournalOptions, makeDirectory, WalCorruptError, WalPoisonedError } from './wal/index.ts';
export type { ViewOptions } from './views/index.ts';
