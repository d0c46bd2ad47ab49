import type { ErrnoCode } from './errno.ts';
import type { Owner } from './owner.ts';
import { pageSizeBytes, PageTable } from './page-table.ts';

/** A change of a file's content or size that no sync has made durable yet. */
export type FileChange = WriteChange | ResizeChange;

/** `write`, and the growth of the file that it may have caused. */
export interface WriteChange {
  readonly kind: 'write';
  /** When: the disk's count of changes. */
  readonly sequence: number;
  /** The bytes written: `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** What stood at `start` before, as far as the file reached; beyond its end there were zeros. */
  readonly before: Uint8Array | undefined;
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

/** `truncate`, in either direction. */
export interface ResizeChange {
  readonly kind: 'resize';
  readonly sequence: number;
  /** The whole content before; `undefined` when the file grew. */
  readonly before: PageTable | undefined;
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

/**
 * A regular file. `pages` and `size` are its volatile image, what reads see. The durable image is not
 * stored: it is the volatile one with `changes` undone, newest first, which makes an append cost nothing
 * but its own bytes and a sync cost nothing at all.
 */
export class FileNode {
  readonly kind = 'file';
  readonly number: number;
  pages: PageTable;
  size = 0;
  /** Not durable yet, oldest first. */
  changes: FileChange[] = [];
  /** Its newest name and the directory of it; they stay when the name goes. */
  parent = 0;
  name = '';
  /** Memory that `changes` hold on to, about. */
  pendingBytes = 0;
  /** Names in the volatile directories. More than one only after a crash undid half a rename. */
  links = 0;
  /** Open handles. */
  opens = 0;
  /** Name changes that are not durable yet and mention this file: its name may come back. */
  mentions = 0;
  /** When its newest name change happened. */
  namedAt = 0;
  /** When the newest change happened that `datasync` must order a journal to commit: creation, truncation. */
  dataNamedAt = 0;
  /** Clean in memory and older on the disk, by index: what the disk holds. See `stale-pages.ts`. */
  readonly stale = new Map<number, Uint8Array>();
  /** Syncs that failed: each open handle is told once, by the error of the last one. */
  syncFailures = 0;
  syncFailure: ErrnoCode = 'EIO';
  /** When it took the place of another file by a rename. */
  replacedAt: readonly number[] = [];

  constructor(number: number, pages: PageTable = new PageTable()) {
    this.number = number;
    this.pages = pages;
  }

  /** A copy for another disk, without handles. The owners of both must be new from here on. */
  fork(): FileNode {
    const copy = new FileNode(this.number, this.pages.share());
    copy.size = this.size;
    copy.parent = this.parent;
    copy.name = this.name;
    copy.changes = this.changes.slice();
    copy.pendingBytes = this.pendingBytes;
    copy.links = this.links;
    copy.mentions = this.mentions;
    copy.namedAt = this.namedAt;
    copy.dataNamedAt = this.dataNamedAt;
    copy.replacedAt = this.replacedAt;
    for (const [page, onDisk] of this.stale) copy.stale.set(page, onDisk);
    return copy;
  }

  /** Copies up to `length` bytes from `position` on and returns how many there were. */
  read(buffer: Uint8Array, offset: number, length: number, position: number): number {
    const count = Math.min(length, this.size - position);
    if (count <= 0) return 0;
    this.pages.read(buffer, offset, position, position + count);
    return count;
  }

  write(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
    sequence: number,
    owner: Owner,
  ): void {
    const end = position + length;
    const sizeBefore = this.size;
    let before: Uint8Array | undefined;
    if (position < sizeBefore) {
      before = owner.allocate(Math.min(end, sizeBefore) - position);
      this.pages.read(before, 0, position, position + before.length);
    }
    this.pages.write(buffer, offset, position, end, owner);
    if (end > sizeBefore) this.size = end;
    this.#addPending({
      kind: 'write',
      sequence,
      start: position,
      end,
      before,
      sizeBefore,
      sizeAfter: this.size,
    });
  }

  /** Cuts or extends with zeros. When it cuts, `owner` must be a new one: the old pages are kept. */
  resize(size: number, sequence: number, owner: Owner): void {
    const sizeBefore = this.size;
    if (size === sizeBefore) return;
    let before: PageTable | undefined;
    if (size < sizeBefore) {
      before = this.pages;
      this.pages = before.share();
      this.pages.truncate(size, owner);
    }
    this.size = size;
    this.dataNamedAt = sequence;
    this.#addPending({ kind: 'resize', sequence, before, sizeBefore, sizeAfter: size });
  }

  /** Bytes from `start` on become pending as they are; the disk holds `before` there. */
  addRewrite(start: number, before: Uint8Array, sequence: number): void {
    const end = start + before.length;
    const { size } = this;
    this.#addPending({ kind: 'write', sequence, start, end, before, sizeBefore: size, sizeAfter: size });
  }

  /** Makes content and size durable, but for stale pages. */
  sync(): void {
    if (this.changes.length > 0) this.changes = [];
    this.pendingBytes = 0;
    this.replacedAt = [];
  }

  /** Makes the older half of the pending changes durable, and returns it. */
  writeBackHalf(): readonly FileChange[] {
    const older = this.changes.splice(0, Math.ceil(this.changes.length / 2));
    this.pendingBytes = this.changes.reduce((sum, change) => sum + bytesHeldBy(change), 0);
    return older;
  }

  /** The size that a power loss leaves if it takes every change back. */
  get durableSize(): number {
    return this.changes[0]?.sizeBefore ?? this.size;
  }

  #addPending(change: FileChange): void {
    this.changes.push(change);
    this.pendingBytes += bytesHeldBy(change);
  }
}

/** About: what a change weighs by itself, and what it keeps of the content before. */
function bytesHeldBy({ kind, before }: FileChange): number {
  const itself = 128;
  if (before === undefined) return itself;
  return itself + (kind === 'write' ? before.length : pageSizeBytes);
}
