import { errnoOf, type FileStat, type MakeDirectoryOptions, type OpenFlags } from '../../ports/index.ts';
import type { DrawSource } from '../choices/draws.ts';
import type { FileLoss, FileState } from '../trace/index.ts';
import { type CrashImage, crashState } from './crash/crash-image.ts';
import { fileLosses, unsyncedBytesOf } from './crash/file-losses.ts';
import type { CrashMode } from './crash/modes.ts';
import type { CrashProfile } from './crash/profiles.ts';
import { digestOf } from './digest.ts';
import { DirectoryNode } from './directory-node.ts';
import {
  changeName,
  directoryAt,
  type DiskState,
  emptyState,
  forkState,
  type Node,
  pendingNamesOf,
  rootNumber,
} from './disk-state.ts';
import { errno, type ErrnoCode } from './errno.ts';
import { FileNode } from './file-node.ts';
import { fileStates } from './file-states.ts';
import { accessOf, OpenFile, statOf } from './open-file.ts';
import { inHashOrder } from './name-order.ts';
import { pageSizeBytes } from './page-table.ts';
import { checkPath, lookUp, type Parent, resolve, walkToParent } from './walk.ts';

/**
 * A simulated disk with the file system on it: a tree of files and directories with Linux semantics,
 * synchronous, in memory, that knows what of it would survive a power loss.
 *
 * Reads see the *volatile image*. Changes are pending until a sync of the file or directory makes them
 * durable; `crashImage` undoes and damages pending ones as a profile allows. Errors are those of Linux,
 * in the order in which Linux finds them, with the fields that Node gives them.
 */
export class Disk {
  readonly #state: DiskState;

  /** An empty disk, all of it durable. (`state` is for this folder alone.) */
  constructor(state: DiskState = emptyState()) {
    this.#state = state;
  }

  /** Throws ENOENT, EEXIST, EISDIR, ENOTDIR, ENAMETOOLONG. */
  open(path: string, flags: OpenFlags): OpenFile {
    const state = this.#state;
    const access = accessOf[flags];
    const parent = walkToParent(state, path, 'open');
    if (access.create && parent.kind === 'name' && parent.slash) throw errno('EISDIR', 'open', path);
    let node = lookUp(state, parent, path, 'open');
    if (node === undefined) {
      if (!access.create) throw errno('ENOENT', 'open', path);
      node = this.#add(parent, (number) => new FileNode(number));
    } else {
      if (access.exclusive) throw errno('EEXIST', 'open', path);
      if (node.kind === 'file' && parent.slash) throw errno('ENOTDIR', 'open', path);
      if (node.kind === 'directory' && access.write) throw errno('EISDIR', 'open', path);
    }
    const file = new OpenFile(state, node, path, flags);
    if (access.truncate) file.truncate(0);
    return file;
  }

  /** Names in an order that depends on the names alone, but is not sorted. Throws ENOENT, ENOTDIR. */
  readdir(path: string): string[] {
    const node = resolve(this.#state, path, 'scandir');
    if (node.kind === 'file') throw errno('ENOTDIR', 'scandir', path);
    return inHashOrder(node.entries.keys());
  }

  /**
   * Returns the first directory it made when `recursive`, as Node does: `undefined` if there was none.
   * Throws EEXIST, ENOENT, ENOTDIR, ENAMETOOLONG.
   */
  mkdir(path: string, options?: MakeDirectoryOptions): string | undefined {
    if (options?.recursive === true) return this.#makeAll(path);
    const state = this.#state;
    const parent = walkToParent(state, path, 'mkdir');
    if (lookUp(state, parent, path, 'mkdir') !== undefined) throw errno('EEXIST', 'mkdir', path);
    this.#add(parent, (number) => new DirectoryNode(number, parent.directory.number, state.owner));
    return undefined;
  }

  /** Throws ENOENT, ENOTDIR, EISDIR, ENOTEMPTY, EINVAL (into itself), EBUSY (`.`, `..`, the root). */
  rename(from: string, to: string): void {
    const state = this.#state;
    const names = { path: from, dest: to };
    const fail = (code: Parameters<typeof errno>[0]): Error => errno(code, 'rename', from, to);
    checkPath(from, 'rename', names);
    checkPath(to, 'rename', names);
    const source = walkToParent(state, from, 'rename', names);
    const target = walkToParent(state, to, 'rename', names);
    if (source.kind !== 'name' || target.kind !== 'name') throw fail('EBUSY');
    const moved = lookUp(state, source, from, 'rename', names);
    if (moved === undefined) throw fail('ENOENT');
    const replaced = lookUp(state, target, to, 'rename', names);
    if (moved.kind === 'file' && (source.slash || target.slash)) throw fail('ENOTDIR');
    if (this.#isWithin(target.directory, moved)) throw fail('EINVAL');
    if (replaced !== undefined) {
      if (this.#isWithin(source.directory, replaced)) throw fail('ENOTEMPTY');
      if (moved === replaced) return;
      if (moved.kind === 'directory' && replaced.kind === 'file') throw fail('ENOTDIR');
      if (moved.kind === 'file' && replaced.kind === 'directory') throw fail('EISDIR');
      if (replaced.kind === 'directory' && replaced.entries.size > 0) throw fail('ENOTEMPTY');
    }

    state.sequence += 1;
    const barrier = moved.kind === 'directory';
    if (replaced !== undefined) changeName(state, target.directory, target.name, undefined, { barrier });
    const above = pendingNamesOf(state, target.directory);
    const arrival = changeName(state, target.directory, target.name, moved, { barrier });
    changeName(state, source.directory, source.name, undefined, { requires: [arrival, ...above], barrier });
    if (moved.kind === 'file' && replaced !== undefined) {
      moved.replacedAt = [...moved.replacedAt, state.sequence];
    }
  }

  /** The data lives until the last handle closes. Throws ENOENT, ENOTDIR, EISDIR. */
  unlink(path: string): void {
    const parent = walkToParent(this.#state, path, 'unlink');
    const node = lookUp(this.#state, parent, path, 'unlink');
    if (node === undefined) throw errno('ENOENT', 'unlink', path);
    if (node.kind === 'directory') throw errno('EISDIR', 'unlink', path);
    if (parent.slash) throw errno('ENOTDIR', 'unlink', path);
    this.#state.sequence += 1;
    changeName(this.#state, parent.directory, parent.name, undefined);
  }

  /** Throws ENOENT, ENOTDIR, ENOTEMPTY, EINVAL (`.`), EBUSY (the root). */
  rmdir(path: string): void {
    const parent = walkToParent(this.#state, path, 'rmdir');
    if (parent.kind === 'root') throw errno('EBUSY', 'rmdir', path);
    if (parent.kind === 'dot') throw errno('EINVAL', 'rmdir', path);
    if (parent.kind === 'dotdot') throw errno('ENOTEMPTY', 'rmdir', path);
    const node = lookUp(this.#state, parent, path, 'rmdir');
    if (node === undefined) throw errno('ENOENT', 'rmdir', path);
    if (node.kind === 'file') throw errno('ENOTDIR', 'rmdir', path);
    if (node.entries.size > 0) throw errno('ENOTEMPTY', 'rmdir', path);
    this.#state.sequence += 1;
    changeName(this.#state, parent.directory, parent.name, undefined, { removes: node.number });
  }

  /** Whether the path names anything, as far as it can be walked. */
  has(path: string): boolean {
    return codeThrownBy(() => this.stat(path)) === undefined;
  }

  /** Throws ENOENT, ENOTDIR, ENAMETOOLONG. */
  stat(path: string): FileStat {
    return statOf(resolve(this.#state, path, 'stat'));
  }

  /** An independent disk in the same state, pending changes included, without handles. Copies no page. */
  fork(): Disk {
    return new Disk(forkState(this.#state));
  }

  /**
   * A new disk as a power loss at this moment might leave it, all of it durable, and an account of what
   * it lost. This disk goes on unchanged. `mode` forces a pattern of loss instead of drawing one.
   *
   * Sites of `draws` are `disk.crash`, `disk.crash journal` and, for each file and directory with pending
   * changes, `disk.crash /its/path`. Every draw at 0: nothing is lost.
   */
  crashImage(profile: CrashProfile, draws: DrawSource, mode?: CrashMode): CrashImage {
    const { state, report } = crashState(this.#state, profile, draws, mode);
    return { disk: new Disk(state), report };
  }

  /** 64 bits that tell two disks apart by what their volatile images hold, as 16 hex digits. */
  digest(): string {
    return digestOf(this.#state);
  }

  /** Files and directories that take up space: named, open, or able to come back at a power loss. */
  get nodeCount(): number {
    return this.#state.nodes.size;
  }

  /** Bytes of those files, as readers see them. */
  get usedBytes(): number {
    let bytes = 0;
    for (const node of this.#state.nodes.values()) if (node.kind === 'file') bytes += node.size;
    return bytes;
  }

  /** Bytes that are written and not durable. */
  get unsyncedBytes(): number {
    let bytes = 0;
    for (const node of this.#state.nodes.values()) if (node.kind === 'file') bytes += unsyncedBytesOf(node);
    return bytes;
  }

  /** Changes of directory entries that are not durable. */
  get unsyncedNames(): number {
    return this.#state.nameChanges.length;
  }

  /** Every file and directory but the root, by path: what of it is durable, and what is not. */
  fileStates(): Record<string, FileState> {
    return fileStates(this.#state);
  }

  /** What a power loss that left `image` did to the files of this disk, by offset. */
  lossesIn(image: Disk): FileLoss[] {
    return fileLosses(this.#state, image.#state);
  }

  /** Bytes in the pages of all files that have a name or a handle: what is not free. */
  get allocatedBytes(): number {
    let pages = 0;
    for (const node of this.#state.nodes.values()) {
      if (node.kind === 'file' && (node.links > 0 || node.opens > 0)) pages += node.pages.count();
    }
    return pages * pageSizeBytes;
  }

  #add<Kind extends Node>(parent: Parent, make: (number: number) => Kind): Kind {
    const state = this.#state;
    state.sequence += 1;
    const node = make(state.nextNumber++);
    state.nodes.set(node.number, node);
    changeName(state, parent.directory, parent.name, node);
    if (node.kind === 'file') node.dataNamedAt = state.sequence;
    return node;
  }

  /** Whether `directory` is `ancestor` or lies under it. */
  #isWithin(directory: DirectoryNode, ancestor: Node): boolean {
    for (let at = directory; ; at = directoryAt(this.#state, at.parent)) {
      if (at === ancestor) return true;
      if (at.number === rootNumber) return false;
    }
  }

  /**
   * `mkdir -p` with the very steps of Node (`MKDirpAsync` in src/node_file.cc): try; on ENOENT first try
   * the text before the last slash. So `missing/../there` makes `missing` too.
   */
  #makeAll(path: string): string | undefined {
    const waiting = [path];
    let first: string | undefined;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const code = codeThrownBy(() => this.mkdir(next));
      if (code === undefined) {
        first ??= next;
      } else if (code === 'ENOENT' && next !== '') {
        waiting.push(next, next.slice(0, next.lastIndexOf('/')));
      } else if (code !== 'EEXIST') {
        throw errno(code, 'mkdir', next);
      } else {
        const isLast = waiting.length === 0;
        const trouble = codeThrownBy(() => this.stat(next));
        if (trouble !== undefined) throw errno(isLast ? trouble : 'ENOTDIR', 'mkdir', next);
        if (!this.stat(next).isDirectory()) throw errno(isLast ? 'EEXIST' : 'ENOTDIR', 'mkdir', next);
      }
    }
    return first;
  }
}

function codeThrownBy(attempt: () => unknown): ErrnoCode | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return code as ErrnoCode;
  }
}
