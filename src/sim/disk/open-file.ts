import type { FileStat, OpenFlags } from '../../ports/index.ts';
import {
  dirtyNamesOf,
  type DiskState,
  type Node,
  releaseIfUnused,
  relievePressure,
  settleFile,
  settleNames,
} from './disk-state.ts';
import { errno, type ErrnoCode } from './errno.ts';
import { Owner } from './owner.ts';
import { pageOf, pageSizeBytes } from './page-table.ts';
import { dirtyPagesOf, newPagesOf, pagesAtRest } from './pending-pages.ts';
import { cleanFiles, durablePage, evictStale, redirty, revertToDurable } from './stale-pages.ts';

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
  #failuresTold: number;
  #open = true;

  constructor(state: DiskState, node: Node, path: string, flags: OpenFlags) {
    this.#state = state;
    this.#node = node;
    this.#access = accessOf[flags];
    this.path = path;
    this.flags = flags;
    this.#failuresTold = node.kind === 'file' ? node.syncFailures : 0;
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
    redirty(this.#state, node, start, start + count);
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
    redirty(state, this.#node, Math.min(length, this.#node.size), Infinity);
    if (length < this.#node.size) state.owner = new Owner(state.owner);
    this.#node.resize(length, ++state.sequence, state.owner);
  }

  /**
   * Content and size, or the entries of a directory, are durable when it returns. Throws EBADF, and EIO,
   * ENOSPC or EDQUOT when a sync by another handle has failed since this one was opened or last told.
   */
  sync(): void {
    this.#checkOpen('fsync');
    this.#sync(this.#node.namedAt);
    this.#tellFailure('fsync');
  }

  /** As `sync`; a journal need not commit the file's names for it. Throws the same. */
  datasync(): void {
    this.#checkOpen('fdatasync');
    this.#sync(0);
    this.#tellFailure('fdatasync');
  }

  /** Number of the file or directory; no other one of this disk ever gets it. */
  get node(): number {
    return this.#node.number;
  }

  /** A sync has failed of which this handle was not told, and the next one of this handle will say so. */
  get hasFailureToTell(): boolean {
    return this.#node.kind === 'file' && this.#failuresTold < this.#node.syncFailures;
  }

  /** How many bytes there are from `position` to the end of the file; of a directory 0. */
  bytesFrom(position: number): number {
    return this.#node.kind === 'file' ? Math.max(0, this.#node.size - position) : 0;
  }

  /** Indexes of the pages that a sync would write, ascending; of a directory none. */
  get dirtyPages(): number[] {
    return this.#node.kind === 'file' ? dirtyPagesOf(this.#node) : [];
  }

  /** Of `dirtyPages`, those for which the file system still has to find a place: not those written over. */
  get newPages(): number[] {
    return this.#node.kind === 'file' ? newPagesOf(this.#node) : [];
  }

  /** Indexes of the pages in `[start, end)` that are on the disk as memory has them. */
  pagesAtRest(start: number, end: number): number[] {
    return this.#node.kind === 'file' ? pagesAtRest(this.#node, start, end) : [];
  }

  /** Whether a sync has anything to write, names of a directory included. */
  get isDirty(): boolean {
    return this.#node.kind === 'file' ? this.#node.changes.length > 0 : this.hasDirtyNames;
  }

  /** Whether it is a directory with names that a sync has to write. */
  get hasDirtyNames(): boolean {
    return this.#node.kind === 'directory' && dirtyNamesOf(this.#state, this.#node.number).length > 0;
  }

  /** Whether memory holds pages that it takes for written and that are not. */
  get hasStalePages(): boolean {
    return this.#node.kind === 'file' && this.#node.stale.size > 0;
  }

  /**
   * A sync that writes all but `pages`, which are taken for written all the same: they stay in memory, over
   * the old data on the disk. Size and other metadata are durable. Of a directory: nothing happens.
   */
  syncAllBut(pages: Iterable<number>): void {
    this.#checkOpen('fsync');
    const node = this.#node;
    if (node.kind === 'directory') return;
    const onDisk = Array.from(pages, (page) => [page, durablePage(node, page)] as const);
    this.#sync(0);
    for (const [page, bytes] of onDisk) node.stale.set(page, bytes);
  }

  /** As a failed sync on btrfs: what was pending is gone, from memory too. Of a directory: nothing happens. */
  revert(): void {
    this.#checkOpen('fsync');
    if (this.#node.kind === 'file') revertToDurable(this.#state, this.#node);
  }

  /** A sync of this handle has failed: every other handle that is open will be told. */
  failedToSync(code: ErrnoCode): void {
    this.willFailToSync(code);
    if (this.#node.kind === 'file') this.#failuresTold = this.#node.syncFailures;
  }

  /** A sync has failed that nobody was told of: every handle that is open will be, this one too. */
  willFailToSync(code: ErrnoCode): void {
    if (this.#node.kind === 'directory') return;
    this.#node.syncFailures += 1;
    this.#node.syncFailure = code;
  }

  /** Of a directory: what its sync would write counts as written from now on, and is not. */
  forgetNames(): void {
    const state = this.#state;
    for (const change of dirtyNamesOf(state, this.#node.number)) state.forgottenNames.add(change);
  }

  /** Flips one bit, 0 being the least, of a byte that has nothing pending: in memory and on the disk. */
  rot(position: number, bit: number): void {
    if (this.#node.kind === 'directory') return;
    const page = this.#node.pages.writablePage(pageOf(position), this.#state.owner);
    const at = position % pageSizeBytes;
    page[at] = (page[at] ?? 0) ^ (1 << bit);
  }

  /** Stale pages are dropped from memory: reads see what the disk holds. */
  evict(): void {
    if (this.#node.kind === 'file') evictStale(this.#state, this.#node);
  }

  /** Whether there is another file that has nothing pending, for `misdirect`. */
  get canBeMisdirected(): boolean {
    return cleanFiles(this.#state).some((file) => file !== this.#node);
  }

  /**
   * As `syncAllBut`, and `page` is written in the place of a page of another file, as `choose` decides: both
   * places of the disk are wrong, and neither shows as long as memory holds the pages.
   */
  misdirect(page: number, choose: (domain: number) => number): void {
    const node = this.#node;
    if (node.kind === 'directory') return;
    const targets = cleanFiles(this.#state).filter((file) => file !== node);
    const target = targets[choose(targets.length)];
    if (target === undefined) return;
    const bytes = new Uint8Array(pageSizeBytes);
    node.pages.read(bytes, 0, page * pageSizeBytes, (page + 1) * pageSizeBytes);
    this.syncAllBut([page]);
    target.stale.set(choose(pageOf(target.size - 1) + 1), bytes);
  }

  /** How much of a write of `length` bytes at `position` finds room when `freeBytes` can be allocated. */
  fit(length: number, position: number, freeBytes: number): number {
    const node = this.#node;
    if (node.kind === 'directory') return length;
    const start = this.#access.append ? node.size : position;
    let freePages = Math.floor(Math.max(0, freeBytes) / pageSizeBytes);
    for (let page = pageOf(start); page * pageSizeBytes < start + length; page++) {
      if (node.pages.page(page) !== undefined) continue;
      if (freePages === 0) return Math.max(0, page * pageSizeBytes - start);
      freePages -= 1;
    }
    return length;
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

  #tellFailure(syscall: string): void {
    if (!this.hasFailureToTell || this.#node.kind === 'directory') return;
    this.#failuresTold = this.#node.syncFailures;
    throw errno(this.#node.syncFailure, syscall);
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
