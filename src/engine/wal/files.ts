import { type FileHandle, type FileSystem, isErrno } from '../../ports/index.ts';
import { WalIoError } from './errors.ts';

/** Repeats a call that a signal cut short; POSIX says that nothing has happened then. Never for a sync. */
export async function uninterrupted<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isErrno(error, 'EINTR')) throw error;
    }
  }
}

/** Opens a file for reading. Rejects with `WalIoError`. */
export async function openFile(fs: FileSystem, path: string): Promise<FileHandle> {
  try {
    return await uninterrupted(() => fs.open(path, 'r'));
  } catch (error) {
    throw new WalIoError('open', path, error);
  }
}

/** Opens a file or directory for reading, runs `body`, and closes it on every way out. */
export async function withFile<T>(
  fs: FileSystem,
  path: string,
  body: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const handle = await openFile(fs, path);
  try {
    return await body(handle);
  } finally {
    await closeFile(handle);
  }
}

/**
 * Gives a handle back. Whatever mattered was read or synced before, and the handle is gone either way,
 * so a failure has nothing to tell.
 */
export async function closeFile(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => undefined);
}

/** Rejects with `WalIoError`. */
export async function sizeOf(handle: FileHandle, path: string): Promise<number> {
  try {
    return (await handle.stat()).size;
  } catch (error) {
    throw new WalIoError('stat', path, error);
  }
}

/**
 * Fills `buffer` from `position` on and returns how many bytes it got: fewer only where the file ends.
 * An error is never taken for the end. Rejects with `WalIoError`.
 */
export async function readFully(
  handle: FileHandle,
  path: string,
  buffer: Uint8Array,
  position: number,
): Promise<number> {
  let done = 0;
  try {
    while (done < buffer.length) {
      const from = done;
      const { bytesRead } = await uninterrupted(() =>
        handle.read(buffer, from, buffer.length - from, position + from),
      );
      if (bytesRead === 0) break;
      done += bytesRead;
    }
  } catch (error) {
    throw new WalIoError('read', path, error);
  }
  return done;
}

/** Writes the first `length` bytes of `buffer` at `position`, however many calls that takes. */
export async function writeFully(
  handle: FileHandle,
  path: string,
  buffer: Uint8Array,
  length: number,
  position: number,
): Promise<void> {
  let done = 0;
  try {
    while (done < length) {
      const from = done;
      const { bytesWritten } = await uninterrupted(() =>
        handle.write(buffer, from, length - from, position + from),
      );
      if (bytesWritten === 0) throw new Error('the file system wrote nothing and gave no reason');
      done += bytesWritten;
    }
  } catch (error) {
    throw new WalIoError('write', path, error);
  }
}
