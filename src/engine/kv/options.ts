/** Sizes and times of a store. Each has a default that suits a store of up to some gigabytes. */
export interface HybridStoreOptions {
  /** The memory table is written to a run once it is estimated at this size; there may be two. */
  readonly memtableBytes?: number;
  /** It is also written once the log since the last run is this long, however small the table is. */
  readonly logBytesMax?: number;
  /** Entries are stored and checked in blocks of about this size; a single larger entry has its own. */
  readonly blockBytes?: number;
  /** Blocks kept in memory, in all. */
  readonly blockCacheBytes?: number;
  /** Runs are merged when there are more than this; at twice as many, writers wait. */
  readonly runsMax?: number;
  /** Batches that wait for the log are written together up to this size. */
  readonly groupBytesMax?: number;
  /** A larger batch is refused. */
  readonly batchBytesMax?: number;
  /** Files of the log are begun anew at about this size, and removed as a whole. */
  readonly logSegmentBytes?: number;
  /** After this long without a write the log proves its end to a later recovery; 0 switches it off. */
  readonly logIdleMs?: number;
}

export type StoreSizes = Required<HybridStoreOptions>;

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

const defaults: StoreSizes = {
  memtableBytes: 8 * mebibyte,
  logBytesMax: 64 * mebibyte,
  blockBytes: 4 * kibibyte,
  blockCacheBytes: 8 * mebibyte,
  runsMax: 6,
  groupBytesMax: mebibyte,
  batchBytesMax: 4 * mebibyte,
  logSegmentBytes: 16 * mebibyte,
  logIdleMs: 1000,
};

/** What each size may be. The upper bound of a block is where its filter no longer fits 16 bits. */
const bounds: Record<keyof StoreSizes, readonly [least: number, most: number]> = {
  memtableBytes: [1, 2 ** 32],
  logBytesMax: [1, 2 ** 40],
  blockBytes: [64, 256 * kibibyte],
  blockCacheBytes: [0, 2 ** 40],
  runsMax: [1, 64],
  groupBytesMax: [1, 32 * mebibyte],
  batchBytesMax: [1, 32 * mebibyte],
  logSegmentBytes: [1, 2 ** 40],
  logIdleMs: [0, 2 ** 31],
};

/** Fills in the defaults. Throws `RangeError` for a size that cannot work. */
export function sizesOf(options: HybridStoreOptions): StoreSizes {
  const sizes = { ...defaults, ...options };
  for (const name of Object.keys(bounds) as (keyof StoreSizes)[]) {
    const [least, most] = bounds[name];
    const size = sizes[name];
    if (!Number.isSafeInteger(size) || size < least || size > most) {
      throw new RangeError(`${name} is ${size}; it must be an integer from ${least} to ${most}`);
    }
  }
  return sizes;
}
