/**
 * What the store asks of its log. Bodies come back complete, unchanged and in
 * order, or not at all, and what comes back is a prefix of what was appended.
 */
export interface StoreLog {
  /** Where the last durable record ends; 0 when there never was one. */
  readonly durableOffset: number;

  /**
   * Resolves once the body will survive a power loss, or with `sync: false` a kill of the process. After a
   * rejection nobody knows, and nothing may be appended any more.
   */
  append(body: Uint8Array, options: { readonly sync: boolean }): Promise<StoreLogPlace>;

  /** Makes everything that was appended durable. */
  sync(): Promise<void>;

  /** Gives back the space before `belowOffset`, which is durable and never read again. */
  cleanup(belowOffset: number): Promise<void>;

  /** Makes everything that was appended durable, and closes all files also when it rejects. */
  close(): Promise<void>;
}

export interface StoreLogPlace {
  readonly offset: number;
  /** Where the next record may start. */
  readonly endOffset: number;
}

export interface StoreLogReader {
  /** `undefined` when there is no further record. */
  next(): Promise<StoreLogRecord | undefined>;
  close(): Promise<void>;
}

export interface StoreLogRecord extends StoreLogPlace {
  /** To be copied before it is kept. */
  readonly body: Uint8Array;
}

/** The log of a store as it was found: sound, and not touched. */
export interface JudgedStoreLog {
  /** Where the last record ends; 0 when there never was one. */
  readonly endOffset: number;

  /**
   * Reads what the log will hold once it is open, from a place that was the `endOffset` of some record or
   * the start of the log.
   */
  reader(fromOffset: number): StoreLogReader;

  /**
   * Opens the log, or makes it together with all directories above it. When this resolves, all that the log
   * holds is durable.
   */
  open(): Promise<StoreLog>;
}

/**
 * Reads the log of a store and changes nothing. `neededFrom`: all before it was durable and is not needed
 * any more; a log that ends before it, or begins after it, is to be refused.
 */
export type JudgeStoreLog = (neededFrom: number) => Promise<JudgedStoreLog>;
