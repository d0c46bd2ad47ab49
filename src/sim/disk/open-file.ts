import type { FileStat, OpenFlags } from '../../ports/index.ts';
import {
  type DiskState,
  type Node,
  releaseIfUnused,
  relievePressure,
  settleFile,
  settleNames,
} from './disk-state.ts';
import { errno } from './errno.ts';
import { Owner } from './owner.ts';

/** ext4 with blocks of 4 KiB. */
const fileSizeMax = 2 ** 44 - 4096;

interface Access {
  readonly read: boolean;
  readonly write: boolean;
  readonly append: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
}

/** What each flag string asks of open(2). */
export const accessOf: Readonly<Record<OpenFlags, Access>> = {
  r: access('r'),
  'r+': access('r', 'w'),
  w: access('w', 'create', 'truncate'),
  wx: access('w', 'create', 'truncate', 'exclusive'),
  'w+': access('r', 'w', 'create', 'truncate'),
  'wx+': access('r', 'w', 'create', 'truncate', 'exclusive'),
  a: access('w', 'append', 'create'),
  ax: access('w', 'append', 'create', 'exclusive'),
  'a+': access('r', 'w', 'append', 'create'),
  'ax+': access('r', 'w', 'append', 'create', 'exclusive'),
};

/** An open file or directory. All calls are synchronous; after `close` each throws EBADF. */
export class OpenFile {
  readonly path: string;
  readonly flags: OpenFlags;
  readonly #state: DiskState;
  readonly #node: Node;
  readonly #access: Access;
  #open = true;

  constructor(state: DiskState, node: Node, path: string, flags: OpenFlags) {
    this.#state = state;
    this.#node = node;
    this.#access = accessOf[flags];
    this.path = path;
    this.flags = flags;
    node.opens += 1;
  }

  /** Returns the number of bytes read. Throws EBADF, EISDIR. */
  read(buffer: Uint8Array, offset: number, length: number, position: number): number {
    this.#checkOpen('read');
    if (length === 0) return 0;
    if (!this.#access.read) throw errno('EBADF', 'read');
    if (this.#node.kind === 'directory') throw errno('EISDIR', 'read');
    return this.#node.read(buffer, offset, length, position);
  }

  /** Returns the number of bytes written. Throws EBADF, EFBIG. */
  write(buffer: Uint8Array, offset: number, length: number, position: number): number {
    this.#checkOpen('write');
    const node = this.#node;
    if (!this.#access.write || node.kind === 'directory') throw errno('EBADF', 'write');
    if (length === 0) return 0;
    const start = this.#access.append ? node.size : position;
    if (start >= fileSizeMax) throw errno('EFBIG', 'write');
    const count = Math.min(length, fileSizeMax - start);
    node.write(buffer, offset, count, start, ++this.#state.sequence, this.#state.owner);
    relievePressure(this.#state, node);
    return count;
  }

  /** Cuts, or extends with zeros. Throws EBADF, EINVAL (not open for writing), EFBIG. */
  truncate(length: number): void {
    this.#checkOpen('ftruncate');
    if (!this.#access.write || this.#node.kind === 'directory') throw errno('EINVAL', 'ftruncate');
    if (length > fileSizeMax) throw errno('EFBIG', 'ftruncate');
    const state = this.#state;
    if (length < this.#node.size) state.owner = new Owner(state.owner);
    this.#node.resize(length, ++state.sequence, state.owner);
  }

  /** Content and size, or the entries of a directory, are durable when it returns. Throws EBADF. */
  sync(): void {
    this.#checkOpen('fsync');
    this.#sync(this.#node.namedAt);
  }

  /** As `sync`; a journal need not commit the file's names for it. Throws EBADF. */
  datasync(): void {
    this.#checkOpen('fdatasync');
    this.#sync(0);
  }

  stat(): FileStat {
    this.#checkOpen('fstat');
    return statOf(this.#node);
  }

  /** Frees the data of a file that has no name any more. Throws EBADF. */
  close(): void {
    this.#checkOpen('close');
    this.#open = false;
    this.#node.opens -= 1;
    releaseIfUnused(this.#state, this.#node);
  }

  #sync(journalThrough: number): void {
    const state = this.#state;
    const node = this.#node;
    if (node.kind === 'file') settleFile(state, node);
    else settleNames(state, node.number);
    const ownChange = node.kind === 'file' ? node.dataNamedAt : Math.max(node.namedAt, node.changedAt);
    state.committedThrough = Math.max(state.committedThrough, ownChange, journalThrough);
  }

  #checkOpen(syscall: string): void {
    if (!this.#open) throw errno('EBADF', syscall);
  }
}

/** The size of a directory is unspecified by the port; here it is that of one block. */
export function statOf(node: Node): FileStat {
  return {
    size: node.kind === 'file' ? node.size : 4096,
    isFile: () => node.kind === 'file',
    isDirectory: () => node.kind === 'directory',
  };
}

function access(...rights: readonly ('r' | 'w' | 'append' | 'create' | 'exclusive' | 'truncate')[]): Access {
  return {
    read: rights.includes('r'),
    write: rights.includes('w'),
    append: rights.includes('append'),
    create: rights.includes('create'),
    exclusive: rights.includes('exclusive'),
    truncate: rights.includes('truncate'),
  };
}
