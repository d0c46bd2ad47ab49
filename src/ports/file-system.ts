/**
 * Files with POSIX semantics: a structural subset of `node:fs/promises`, so that on a host Node's own
 * module is the implementation.
 *
 * Durability, which no signature shows:
 * - `write` and `truncate` are visible to every reader at once and durable never; they become durable
 *   when a later `sync` of that file succeeds, and *may* become durable at any moment before.
 * - A name (from `open` with creation, `mkdir`, `rename`, `unlink`, `rmdir`) becomes durable when the
 *   directory that holds it is synced through a handle from `open(directory, 'r')`. Syncing the file
 *   does not promise its name.
 * - After `sync` rejects, what was written since the last success is in an unknown state for ever; a
 *   second `sync` that succeeds proves nothing.
 *
 * Every rejection is an `Error` with a `code` as Node names it (`ENOENT`, `EEXIST`, `ENOSPC`, `EIO`).
 * Paths are absolute and use `/`.
 */
export interface FileSystem {
  /** Opens a file, or with `r` a directory. Rejects: ENOENT, EEXIST (`x`), EISDIR, ENOTDIR, EMFILE. */
  open(path: string, flags: OpenFlags, mode?: number): Promise<FileHandle>;

  /** The names in a directory, in no particular order. Rejects: ENOENT, ENOTDIR. */
  readdir(path: string): Promise<string[]>;

  /** Rejects: EEXIST (unless `recursive` and it is a directory), ENOENT (parent), ENOTDIR. */
  mkdir(path: string, options?: MakeDirectoryOptions): Promise<string | undefined>;

  /** Atomic for readers; replaces a target file. What a power loss leaves is for the profile to say. */
  rename(from: string, to: string): Promise<void>;

  /** Removes a name; the data lives until the last handle closes. Rejects: ENOENT, EISDIR or EPERM. */
  unlink(path: string): Promise<void>;

  /** Removes an empty directory. Rejects: ENOENT, ENOTEMPTY, ENOTDIR. */
  rmdir(path: string): Promise<void>;

  /** Rejects: ENOENT, ENOTDIR. */
  stat(path: string): Promise<FileStat>;
}

export interface FileHandle {
  /**
   * Reads up to `length` bytes at `position` into `buffer` at `offset`. May read fewer; `bytesRead` 0
   * is the end of the file and nothing else is. Rejects: EIO, EISDIR, EBADF.
   */
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<ReadResult>;

  /**
   * Writes up to `length` bytes of `buffer` from `offset` at `position`; a handle opened with `a`
   * always writes at the end. May write fewer than asked: the caller loops. `buffer` must not be
   * changed before this settles. Rejects: ENOSPC, EIO, EBADF, EROFS; an exceeded quota has no name in Node.
   */
  write(buffer: Uint8Array, offset: number, length: number, position: number): Promise<WriteResult>;

  /** Makes content and size durable (a directory: its entries). See {@link FileSystem}. */
  sync(): Promise<void>;

  /** As `sync`, less metadata that reading the content does not need; a grown size is included. */
  datasync(): Promise<void>;

  /** Cuts or extends with zeros; visible at once, durable with the next `sync`. */
  truncate(length: number): Promise<void>;

  stat(): Promise<FileStat>;

  /** Gives the handle back. It makes nothing durable. Any later call but `close` rejects with EBADF. */
  close(): Promise<void>;
}

export type OpenFlags = 'r' | 'r+' | 'w' | 'wx' | 'w+' | 'wx+' | 'a' | 'ax' | 'a+' | 'ax+';

export interface MakeDirectoryOptions {
  readonly recursive?: boolean;
  readonly mode?: number;
}

export interface FileStat {
  /** Bytes. Of a directory: unspecified. */
  readonly size: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

export interface ReadResult {
  readonly bytesRead: number;
}

export interface WriteResult {
  readonly bytesWritten: number;
}
