/** A change of one key. Arrays are copied when the batch is submitted. */
export type Operation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'delete'; readonly key: Uint8Array }
  | {
      /**
       * Adds to the counter under `key`; an absent key counts as 0. The value then reads as 16 bytes,
       * see `decodeCounter`. Refuses the whole batch when the key holds anything but a counter or the
       * sum leaves the range of a signed 128-bit integer.
       */
      readonly type: 'increment';
      readonly key: Uint8Array;
      /** A `number` must be a safe integer. */
      readonly delta: bigint | number;
    };

export interface WriteOptions {
  /**
   * `true`: durable when the promise resolves. `false` (the default): visible then, and safe from a kill
   * of the process; after a power loss a prefix of all batches is there, and this one may lie beyond it.
   */
  readonly sync?: boolean;
}

/** Which keys a scan yields. `prefix` excludes `from` and `to`; nothing given means all keys. */
export interface ScanOptions {
  readonly prefix?: Uint8Array;
  /** Inclusive. */
  readonly from?: Uint8Array;
  /** Exclusive. */
  readonly to?: Uint8Array;
  /** Only keys greater than this one: the last key of the page before. */
  readonly after?: Uint8Array;
  /** Entries at most. */
  readonly limit?: number;
}

/** A key and its value; both are copies that belong to the consumer. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export interface KeyValueReader {
  /** The value as a copy, or `undefined` when the key is absent. */
  get(key: Uint8Array): Promise<Uint8Array | undefined>;

  /**
   * The entries in ascending order of their keys, each exactly once, as they were at one moment: that of
   * the first `next()`, or of the snapshot that is scanned. Holds one block a run in memory.
   *
   * Leaving the loop early releases what the scan holds; an iterator that is dropped without `return()`
   * keeps its files until the store closes.
   */
  scan(options?: ScanOptions): AsyncIterableIterator<Entry>;
}

/** The store as it was when the snapshot was taken. */
export interface Snapshot extends KeyValueReader {
  /** Lets go of the files that only this snapshot still needs. May be called again. */
  close(): void;
}

/** An ordered map from bytes to bytes; keys compare as unsigned bytes. */
export interface KeyValueStore extends KeyValueReader {
  /**
   * Applies the operations in order, all or none. When it rejects with `STEME_KV_INDETERMINATE` the batch
   * may or may not be found after the store is opened again; any other rejection means it was not applied.
   */
  batch(operations: readonly Operation[], options?: WriteOptions): Promise<void>;

  /**
   * Sets `key` to `next` if it holds `expected`, where `undefined` means absent on either side. Resolves
   * `false`, having changed nothing, when it does not. Rejects as `batch` does.
   */
  compareAndSwap(
    key: Uint8Array,
    expected: Uint8Array | undefined,
    next: Uint8Array | undefined,
    options?: WriteOptions,
  ): Promise<boolean>;

  /** Freezes the present state for reading; takes constant time. The caller must `close` it. */
  snapshot(): Snapshot;
}
