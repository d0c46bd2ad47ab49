import { type FileSystem, isErrno } from '../../ports/index.ts';
import { WalIoError } from './errors.ts';
import { uninterrupted, withFile } from './files.ts';

/** The directory of a journal. Every failure leaves as `WalIoError`. */
export class JournalDirectory {
  readonly fs: FileSystem;
  readonly path: string;

  /** `path` is absolute. */
  constructor(fs: FileSystem, path: string) {
    this.fs = fs;
    this.path = path;
  }

  pathOf(name: string): string {
    return `${this.path}/${name}`;
  }

  /** The names in it, in order; none when it is not there. */
  async list(): Promise<string[]> {
    try {
      return (await uninterrupted(() => this.fs.readdir(this.path))).toSorted();
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return [];
      throw new WalIoError('list', this.path, error);
    }
  }

  /**
   * Makes the directory and its ancestors, durably.
   *
   * Every ancestor is synced even if all were there already: a process that was killed in between leaves
   * names that can be seen and are not durable. An ancestor that may not be opened is passed over, for it
   * was not this program that made it.
   */
  async make(): Promise<void> {
    try {
      await uninterrupted(() => this.fs.mkdir(this.path, { recursive: true }));
    } catch (error) {
      throw new WalIoError('make', this.path, error);
    }
    for (const ancestor of ancestorsOf(this.path)) {
      try {
        await syncDirectory(this.fs, ancestor);
      } catch (error) {
        if (!(error instanceof WalIoError && isErrno(error.cause, 'EACCES', 'EPERM'))) throw error;
      }
    }
  }

  /** Makes the names in it durable: which there are, and which there are no longer. */
  async sync(): Promise<void> {
    await syncDirectory(this.fs, this.path);
  }

  /** Removes a name, not yet durably; one that is gone already counts as removed. */
  async remove(name: string): Promise<void> {
    const path = this.pathOf(name);
    try {
      await uninterrupted(() => this.fs.unlink(path));
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw new WalIoError('remove', path, error);
    }
  }
}

async function syncDirectory(fs: FileSystem, path: string): Promise<void> {
  await withFile(fs, path, async (handle) => {
    try {
      await handle.sync();
    } catch (error) {
      throw new WalIoError('sync the directory', path, error);
    }
  });
}

/** `/`, `/a`, `/a/b` for `/a/b/c`. */
function ancestorsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, count) => `/${parts.slice(0, count).join('/')}`);
}
