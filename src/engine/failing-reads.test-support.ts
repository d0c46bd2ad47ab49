import type { FileHandle, Ports } from '../ports/index.ts';

/**
 * `ports` with a disk whose reads fail now and then: after a read of a file whose path contains `under`, when
 * `strikes` says so, the caller gets an EIO. The bytes are all right, and the next read of them may succeed.
 */
export function withFailingReads(ports: Ports, under: string, strikes: () => boolean): Ports {
  const { fs } = ports;
  return {
    ...ports,
    fs: {
      open: async (path, flags, mode) => {
        const handle = await fs.open(path, flags, mode);
        return path.includes(under) ? new FailingReads(handle, strikes) : handle;
      },
      readdir: (path) => fs.readdir(path),
      mkdir: (path, options) => fs.mkdir(path, options),
      rename: (from, to) => fs.rename(from, to),
      unlink: (path) => fs.unlink(path),
      rmdir: (path) => fs.rmdir(path),
      stat: (path) => fs.stat(path),
    },
  };
}

class FailingReads implements FileHandle {
  readonly #handle: FileHandle;
  readonly #strikes: () => boolean;

  constructor(handle: FileHandle, strikes: () => boolean) {
    this.#handle = handle;
    this.#strikes = strikes;
  }

  async read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): ReturnType<FileHandle['read']> {
    const result = await this.#handle.read(buffer, offset, length, position);
    if (this.#strikes()) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    return result;
  }

  write(...args: Parameters<FileHandle['write']>): ReturnType<FileHandle['write']> {
    return this.#handle.write(...args);
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length);
  }

  stat(): ReturnType<FileHandle['stat']> {
    return this.#handle.stat();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
