import { posix } from 'node:path';
import {
  type Entropy,
  type FileHandle,
  type FileStat,
  type FileSystem,
  isErrno,
  type OpenFlags,
} from '../../ports/index.ts';
import { type NodeData, type NodeEncoding, NodeFileHandle } from './node-file-handle.ts';
import { type NodePath, plainPath } from './node-path.ts';
import { type NodeDirent, nodeDirent, nodeStats, type NodeStats } from './node-stats.ts';

interface WriteOptions {
  readonly encoding?: BufferEncoding | null;
  readonly flag?: OpenFlags;
  /** Sync before closing, as Node does from 20.10 on. */
  readonly flush?: boolean;
}

interface RemoveOptions {
  readonly recursive?: boolean;
  readonly force?: boolean;
}

/** Standard input, output and error come first. */
const firstDescriptor = 3;

/** What stands for `node:fs/promises`, over the file system port. Nothing here is more durable than in Node. */
export class NodePromises {
  readonly #fs: FileSystem;
  readonly #entropy: Entropy;
  /** By descriptor: the lowest free one, as Linux numbers them. */
  readonly #open: (NodeFileHandle | undefined)[] = Array.from({ length: firstDescriptor }, () => undefined);

  constructor(fs: FileSystem, entropy: Entropy) {
    this.#fs = fs;
    this.#entropy = entropy;
  }

  /** The open file of that number, for functions that take one. */
  handleOf(fd: number): NodeFileHandle {
    const handle = this.#open[fd];
    if (handle !== undefined) return handle;
    throw Object.assign(new Error('EBADF: bad file descriptor'), { code: 'EBADF', errno: -9 });
  }

  async open(path: NodePath, flags: OpenFlags = 'r', _mode?: number): Promise<NodeFileHandle> {
    const handle: FileHandle = await this.#fs.open(plainPath(path), openFlags(flags));
    let fd = this.#open.indexOf(undefined, firstDescriptor);
    if (fd < 0) fd = this.#open.length;
    const opened = new NodeFileHandle(handle, fd, () => {
      if (this.#open[fd] === opened) this.#open[fd] = undefined;
    });
    this.#open[fd] = opened;
    return opened;
  }

  readFile(path: NodePath | NodeFileHandle, options?: NodeEncoding): Promise<string | Buffer> {
    if (path instanceof NodeFileHandle) return path.readFile(options);
    return this.#with(path, 'r', (file) => file.readFile(options));
  }

  writeFile(
    path: NodePath | NodeFileHandle,
    data: NodeData,
    options?: BufferEncoding | null | WriteOptions,
  ): Promise<void> {
    if (path instanceof NodeFileHandle) return path.writeFile(data, options);
    const { flag = 'w', flush = false } = typeof options === 'object' && options !== null ? options : {};
    return this.#with(path, flag, async (file) => {
      await file.writeFile(data, options);
      if (flush) await file.sync();
    });
  }

  appendFile(
    path: NodePath | NodeFileHandle,
    data: NodeData,
    options?: BufferEncoding | null | WriteOptions,
  ): Promise<void> {
    const rest = typeof options === 'string' ? { encoding: options } : options;
    return this.writeFile(path, data, { flag: 'a', ...rest });
  }

  truncate(path: NodePath, length = 0): Promise<void> {
    return this.#with(path, 'r+', (file) => file.truncate(length));
  }

  async copyFile(from: NodePath, to: NodePath): Promise<void> {
    await this.writeFile(to, (await this.readFile(from)) as Buffer);
  }

  async rename(from: NodePath, to: NodePath): Promise<void> {
    await this.#fs.rename(plainPath(from), plainPath(to));
  }

  async unlink(path: NodePath): Promise<void> {
    await this.#fs.unlink(plainPath(path));
  }

  async rmdir(path: NodePath): Promise<void> {
    await this.#fs.rmdir(plainPath(path));
  }

  async rm(path: NodePath, options: RemoveOptions = {}): Promise<void> {
    const target = plainPath(path);
    try {
      const isFolder = (await this.#look(target, 'lstat')).isDirectory();
      if (!isFolder || options.recursive !== true) return await this.unlink(target);
      for (const name of (await this.#fs.readdir(target)).toSorted()) {
        await this.rm(posix.join(target, name), options);
      }
      await this.#fs.rmdir(target);
    } catch (error) {
      if (options.force !== true || !isErrno(error, 'ENOENT')) throw error;
    }
  }

  async mkdir(
    path: NodePath,
    options?: number | { readonly recursive?: boolean; readonly mode?: number },
  ): Promise<string | undefined> {
    const recursive = typeof options === 'object' && options.recursive === true;
    return this.#fs.mkdir(plainPath(path), { recursive });
  }

  /** `prefix` and six letters that only the seed foresees. */
  async mkdtemp(prefix: string): Promise<string> {
    const letters = 'abcdefghijklmnopqrstuvwxyz012345';
    const name = [...this.#entropy.bytes(6)].map((byte) => letters[byte % letters.length]).join('');
    await this.#fs.mkdir(plainPath(prefix + name));
    return prefix + name;
  }

  async readdir(
    path: NodePath,
    options?: BufferEncoding | null | { readonly withFileTypes?: boolean },
  ): Promise<(string | NodeDirent)[]> {
    const folder = plainPath(path);
    const names = await this.#fs.readdir(folder);
    if (typeof options !== 'object' || options?.withFileTypes !== true) return names;
    const entries: NodeDirent[] = [];
    for (const name of names) {
      entries.push(nodeDirent(folder, name, await this.#fs.stat(posix.join(folder, name))));
    }
    return entries;
  }

  async stat(path: NodePath): Promise<NodeStats> {
    return nodeStats(await this.#look(path, 'stat'));
  }

  /** There are no symbolic links. */
  async lstat(path: NodePath): Promise<NodeStats> {
    return nodeStats(await this.#look(path, 'lstat'));
  }

  async realpath(path: NodePath): Promise<string> {
    await this.#look(path, 'realpath');
    return plainPath(path);
  }

  /** Everybody may do everything: this and the next three only say whether there is such a file. */
  async access(path: NodePath): Promise<void> {
    await this.#look(path, 'access');
  }

  async chmod(path: NodePath): Promise<void> {
    await this.#look(path, 'chmod');
  }

  async chown(path: NodePath): Promise<void> {
    await this.#look(path, 'chown');
  }

  async utimes(path: NodePath): Promise<void> {
    await this.#look(path, 'utime');
  }

  /** A `stat` that, when it fails, tells of the system call that Node would have made. */
  async #look(path: NodePath, syscall: string): Promise<FileStat> {
    try {
      return await this.#fs.stat(plainPath(path));
    } catch (error) {
      if (error instanceof Error) {
        error.message = error.message.replace(', stat ', `, ${syscall} `);
        Object.assign(error, { syscall });
      }
      throw error;
    }
  }

  async #with<T>(path: NodePath, flags: OpenFlags, use: (file: NodeFileHandle) => Promise<T>): Promise<T> {
    const file = await this.open(path, flags);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }
}

const known: ReadonlySet<string> = new Set(['r', 'r+', 'w', 'wx', 'w+', 'wx+', 'a', 'ax', 'a+', 'ax+']);

function openFlags(flags: OpenFlags): OpenFlags {
  const told = String(flags).replace('xw', 'wx').replace('xa', 'ax');
  if (known.has(told)) return told as OpenFlags;
  throw new TypeError(`open with flags "${told}" is not simulated: use one of ${[...known].join(', ')}.`);
}
