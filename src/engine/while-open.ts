import type { AccessStore } from './access/index.ts';
import { DatabaseClosedError } from './ingest/index.ts';
import {
  type Entry,
  type KeyValueStore,
  type Operation,
  type ScanOptions,
  StoreClosedError,
  type WriteOptions,
} from './kv/index.ts';
import { WalClosedError } from './wal/index.ts';

/** Whichever part is found closed first: to the caller the database is. */
export async function whileOpen<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asSeenFromOutside(error);
  }
}

/** As `whileOpen`, from the first `next()` to the last. */
export async function* scanWhileOpen<T>(scan: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* scan;
  } catch (error) {
    throw asSeenFromOutside(error);
  }
}

/** The store for parts that callers reach without the database between. */
export function storeWhileOpen(store: KeyValueStore): AccessStore {
  return {
    get: (key: Uint8Array) => whileOpen(() => store.get(key)),
    scan: (options?: ScanOptions): AsyncGenerator<Entry> => scanWhileOpen(store.scan(options)),
    batch: (operations: readonly Operation[], options?: WriteOptions) =>
      whileOpen(() => store.batch(operations, options)),
    compareAndSwap: (key, expected, next, options) =>
      whileOpen(() => store.compareAndSwap(key, expected, next, options)),
  };
}

function asSeenFromOutside(error: unknown): unknown {
  const isClosed = error instanceof WalClosedError || error instanceof StoreClosedError;
  return isClosed ? new DatabaseClosedError({ cause: error }) : error;
}
