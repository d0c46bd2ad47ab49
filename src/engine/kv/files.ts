import type { FileHandle, FileSystem } from '../../ports/index.ts';
import { isErrno } from '../../ports/index.ts';
import { StoreIoError } from './errors.ts';

/** The directory of a store; every failure leaves as `StoreIoError`. */
export class StoreDirectory {
  readonly path: string;
  readonly #fs: FileSystem;

  constructor(fs: FileSystem, path: string) {
    this.#fs = fs;
    this.path = path;
  }

  pathOf(name: string): string {
    return `${this.path}/${name}`;
  }

  /** The names in this directory, or in one directly in it; none when there is no such directory. */
  async list(name?: string): Promise<string[]> {
    const path = name === undefined ? this.path : this.pathOf(name);
    try {
      return await uninterrupted(() => this.#fs.readdir(path));
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return [];
      throw new StoreIoError('list', path, error);
    }
  }

  /** Makes the names that were created in, or removed from, this directory durable. */
  async syncNames(): Promise<void> {
    try {
      const handle = await uninterrupted(() => this.#fs.open(this.path, 'r'));
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw new StoreIoError('sync the directory', this.path, error);
    }
  }

  /** A new file for writing. Rejects when the name is taken. */
  async create(name: string): Promise<StoreFile> {
    return this.#open(name, 'wx');
  }

  async open(name: string): Promise<StoreFile> {
    return this.#open(name, 'r');
  }

  /** Removes a file; one that is gone already counts as removed. */
  async remove(name: string): Promise<void> {
    const path = this.pathOf(name);
    try {
      await this.#fs.unlink(path);
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw new StoreIoError('remove', path, error);
    }
  }

  async #open(name: string, flags: 'r' | 'wx'): Promise<StoreFile> {
    const path = this.pathOf(name);
    try {
      return new StoreFile(path, await uninterrupted(() => this.#fs.open(path, flags)));
    } catch (error) {
      throw new StoreIoError(flags === 'r' ? 'open' : 'create', path, error);
    }
  }
}

/** An open file of a store. */
export class StoreFile {
  readonly path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  async size(): Promise<number> {
    try {
      return (await this.#handle.stat()).size;
    } catch (error) {
      throw new StoreIoError('stat', this.path, error);
    }
  }

  /** The `length` bytes at `position`; fewer only when the file ends before. */
  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const buffer = new Uint8Array(length);
    let done = 0;
    try {
      while (done < length) {
        const from = done;
        const { bytesRead } = await uninterrupted(() =>
          this.#handle.read(buffer, from, length - from, position + from),
        );
        if (bytesRead === 0) return buffer.slice(0, done);
        done += bytesRead;
      }
    } catch (error) {
      throw new StoreIoError('read', this.path, error);
    }
    return buffer;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0;
    try {
      while (done < bytes.length) {
        const from = done;
        const { bytesWritten } = await uninterrupted(() =>
          this.#handle.write(bytes, from, bytes.length - from, position + from),
        );
        if (bytesWritten === 0) throw new Error('the file system wrote nothing and gave no reason');
        done += bytesWritten;
      }
    } catch (error) {
      throw new StoreIoError('write', this.path, error);
    }
  }

  /** Makes the content durable. Its name is another matter: `StoreDirectory.syncNames`. */
  async sync(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (error) {
      throw new StoreIoError('sync', this.path, error);
    }
  }

  async close(): Promise<void> {
    try {
      await this.#handle.close();
    } catch (error) {
      throw new StoreIoError('close', this.path, error);
    }
  }
}

/** Runs `body` with a file that is closed on every way out. */
export async function withOpen<T>(file: StoreFile, body: (file: StoreFile) => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await body(file);
  } catch (error) {
    // What went wrong first is what the caller must hear; a handle that cannot be closed adds nothing.
    await file.close().catch(() => undefined);
    throw error;
  }
  await file.close();
  return result;
}

/** Repeats a call that a signal cut short; POSIX says that nothing has happened then. */
async function uninterrupted<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isErrno(error, 'EINTR')) throw error;
    }
  }
}
