import { logDirectoryName } from './kv/index.ts';

/** Paths of what a database keeps apart. */
interface Layout {
  /** The log of claims and votes: the only thing that cannot be made again. */
  readonly log: string;
  /** What is made of the log. */
  readonly store: string;
  /** The store's own log. */
  readonly storeLog: string;
}

/** Where a database in `directory` keeps what; the names stand here and nowhere else. */
export function layoutOf(directory: string): Layout {
  const store = `${directory}/kv`;
  return { log: `${directory}/wal`, store, storeLog: `${store}/${logDirectoryName}` };
}
