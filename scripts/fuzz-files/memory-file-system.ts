import type { FileHandle, FileStat, FileSystem, OpenFlags } from '../../src/ports/index.ts';

/** What a directory tree holds: contents by absolute path, never changed in place. */
export type Files = ReadonlyMap<string, Uint8Array>;

/**
 * A file system that is no more than arrays in a map: to be made of damaged files in microseconds, and to
 * count what is asked of it. Nothing is lost and nothing fails by itself.
 *
 * It knows the ways of opening that the engine uses, `r` and `wx`, and refuses all others.
 */
export class MemoryFileSystem implements FileSystem {
  readonly #files = new Map<string, MemoryFile>();
  readonly #directories = new Set(['/']);
  readonly #meter: Meter;
  readonly #open = new Set<MemoryHandle>();

  constructor(files: Files, meter: Meter) {
    this.#meter = meter;
    for (const [path, bytes] of files) {
      this.#files.set(path, new MemoryFile(bytes));
      this.#addDirectory(parentOf(path));
    }
  }

  /** What is there now; arrays that no later call changes. */
  files(): Map<string, Uint8Array> {
    return new Map([...this.#files].map(([path, file]) => [path, file.content()]));
  }

  /** Paths of the files and directories that are open, one for each handle. */
  openHandles(): string[] {
    return [...this.#open].map(({ path }) => path);
  }

  async open(path: string, flags: OpenFlags): Promise<FileHandle> {
    await this.#meter.call('open', path);
    let file = this.#files.get(path);
    if (flags === 'wx') {
      if (file !== undefined || this.#directories.has(path)) throw errno('EEXIST', 'open', path);
      if (!this.#directories.has(parentOf(path))) throw errno('ENOENT', 'open', path);
      file = new MemoryFile(new Uint8Array(0));
      this.#files.set(path, file);
    } else if (flags !== 'r') {
      throw new Error(`a file is opened with "${flags}", which this file system does not know`);
    } else if (file === undefined && !this.#directories.has(path)) {
      throw errno('ENOENT', 'open', path);
    }
    const handle = new MemoryHandle(path, file, this.#meter, () => this.#open.delete(handle));
    this.#open.add(handle);
    return handle;
  }

  async readdir(path: string): Promise<string[]> {
    await this.#meter.call('readdir', path);
    if (!this.#directories.has(path)) throw errno('ENOENT', 'scandir', path);
    return [...this.#files.keys(), ...this.#directories]
      .filter((child) => child !== '/' && parentOf(child) === path)
      .map((child) => child.slice(child.lastIndexOf('/') + 1));
  }

  /** Always with its ancestors. */
  async mkdir(path: string): Promise<string | undefined> {
    await this.#meter.call('mkdir', path);
    this.#addDirectory(path);
    return undefined;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#meter.call('rename', from);
    const file = this.#files.get(from);
    if (file === undefined) throw errno('ENOENT', 'rename', from);
    this.#files.delete(from);
    this.#files.set(to, file);
  }

  async unlink(path: string): Promise<void> {
    await this.#meter.call('unlink', path);
    if (!this.#files.delete(path)) throw errno('ENOENT', 'unlink', path);
  }

  async rmdir(path: string): Promise<void> {
    await this.#meter.call('rmdir', path);
    if (!this.#directories.delete(path)) throw errno('ENOENT', 'rmdir', path);
  }

  async stat(path: string): Promise<FileStat> {
    await this.#meter.call('stat', path);
    const file = this.#files.get(path);
    if (file === undefined && !this.#directories.has(path)) throw errno('ENOENT', 'stat', path);
    return statOf(file);
  }

  #addDirectory(path: string): void {
    for (let each = path; !this.#directories.has(each); each = parentOf(each)) this.#directories.add(each);
  }
}

/** Hears of every call before it is made, and may keep it waiting for ever. */
export interface Meter {
  call(operation: string, path: string): Promise<void>;
  /** How much a reader had room for, and how long the file is that it reads. */
  read(path: string, bufferBytes: number, fileBytes: number): void;
}

/** Content that is shared with whoever gave it until the first write. */
class MemoryFile {
  #bytes: Uint8Array;
  #size: number;
  #isShared = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#size = bytes.length;
  }

  get size(): number {
    return this.#size;
  }

  content(): Uint8Array {
    return this.#isShared && this.#bytes.length === this.#size
      ? this.#bytes
      : this.#bytes.slice(0, this.#size);
  }

  read(target: Uint8Array, position: number): number {
    const found = this.#bytes.subarray(
      Math.min(position, this.#size),
      Math.min(position + target.length, this.#size),
    );
    target.set(found);
    return found.length;
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    if (this.#isShared || end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#size));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
      this.#isShared = false;
    }
    this.#bytes.set(bytes, position);
    this.#size = Math.max(this.#size, end);
  }

  truncate(length: number): void {
    const bytes = new Uint8Array(length);
    bytes.set(this.#bytes.subarray(0, Math.min(length, this.#size)));
    this.#bytes = bytes;
    this.#size = length;
    this.#isShared = false;
  }
}

/** `file` is `undefined` for a directory. */
class MemoryHandle implements FileHandle {
  readonly path: string;
  readonly #file: MemoryFile | undefined;
  readonly #meter: Meter;
  readonly #onClose: () => void;
  #isClosed = false;

  constructor(path: string, file: MemoryFile | undefined, meter: Meter, onClose: () => void) {
    this.path = path;
    this.#file = file;
    this.#meter = meter;
    this.#onClose = onClose;
  }

  async read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }> {
    const file = await this.#call('read');
    this.#meter.read(this.path, buffer.length, file.size);
    return { bytesRead: file.read(buffer.subarray(offset, offset + length), position) };
  }

  async write(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }> {
    const file = await this.#call('write');
    file.write(buffer.subarray(offset, offset + length), position);
    return { bytesWritten: length };
  }

  async sync(): Promise<void> {
    await this.#meter.call('sync', this.path);
    this.#refuseIfClosed();
  }

  async datasync(): Promise<void> {
    await this.sync();
  }

  async truncate(length: number): Promise<void> {
    const file = await this.#call('truncate');
    file.truncate(length);
  }

  async stat(): Promise<FileStat> {
    await this.#meter.call('stat', this.path);
    this.#refuseIfClosed();
    return statOf(this.#file);
  }

  async close(): Promise<void> {
    await this.#meter.call('close', this.path);
    this.#refuseIfClosed();
    this.#isClosed = true;
    this.#onClose();
  }

  async #call(operation: string): Promise<MemoryFile> {
    await this.#meter.call(operation, this.path);
    this.#refuseIfClosed();
    if (this.#file === undefined) throw errno('EISDIR', operation, this.path);
    return this.#file;
  }

  #refuseIfClosed(): void {
    if (this.#isClosed) throw errno('EBADF', 'use', this.path);
  }
}

function statOf(file: MemoryFile | undefined): FileStat {
  return {
    size: file?.size ?? 0,
    isFile: () => file !== undefined,
    isDirectory: () => file === undefined,
  };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function errno(code: string, call: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${call} '${path}'`), { code });
}
