export { counterBytes, counterMax, decodeCounter, encodeCounter, isCounter } from './counters.ts';
export {
  StoreBatchError,
  StoreClosedError,
  StoreCorruptError,
  StoreCounterError,
  StoreIndeterminateError,
  StoreIoError,
  StorePoisonedError,
  StoreVersionError,
} from './errors.ts';
export { judgeJournalLog } from './journal-log.ts';
export type {
  Entry,
  KeyValueReader,
  KeyValueStore,
  Operation,
  ScanOptions,
  Snapshot,
  WriteOptions,
} from './key-value-store.ts';
export { logDirectoryName } from './names.ts';
export type { HybridStoreOptions } from './options.ts';
export type {
  JudgedStoreLog,
  JudgeStoreLog,
  StoreLog,
  StoreLogPlace,
  StoreLogReader,
  StoreLogRecord,
} from './store-log.ts';
export { HybridStore, type StorePorts, type StoreStats } from './store.ts';
