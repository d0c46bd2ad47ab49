export interface QueryOptions {
  /** What a lens may hold for one question, in bytes. Default 32 MiB. */
  readonly memoryBytesMax?: number;
  /** Entries of `ranked` in an answer. Default 10. */
  readonly rankedMax?: number;
  /** A page of a listing ends early once its claims have this many bytes. Default 4 MiB. */
  readonly pageBytesMax?: number;
}

export type ResolvedQueryOptions = Required<QueryOptions>;

/** Fills in the defaults. */
export function queryOptionsOf(options: QueryOptions): ResolvedQueryOptions {
  const mebibyte = 1024 * 1024;
  return { memoryBytesMax: 32 * mebibyte, rankedMax: 10, pageBytesMax: 4 * mebibyte, ...options };
}
