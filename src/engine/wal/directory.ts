import { type FileSystem, isErrno } from '../../ports/index.ts';
import { WalIoError } from './errors.ts';
import { uninterrupted } from './files.ts';
import { makeDirectory, syncDirectory } from './make-directory.ts';

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

  /** Makes the directory and its ancestors, durably; see `makeDirectory`. */
  async make(): Promise<void> {
    await makeDirectory(this.fs, this.path);
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
