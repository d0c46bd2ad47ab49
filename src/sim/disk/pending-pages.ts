import type { FileNode } from './file-node.ts';
import { pageOf, pageSizeBytes } from './page-table.ts';

/** Indexes of the pages that a sync of the file would write, ascending. */
export function dirtyPagesOf(file: FileNode): number[] {
  const dirty = new Set<number>();
  const pages = Math.ceil(file.size / pageSizeBytes);
  for (const change of file.changes) {
    if (change.kind === 'resize') continue;
    const last = Math.min(pageOf(change.end - 1), pages - 1);
    for (let page = pageOf(change.start); page <= last; page++) dirty.add(page);
  }
  return [...dirty].sort((one, other) => one - other);
}

/** Of these, the pages that had no place on the disk before: those that begin where the file has grown. */
export function newPagesOf(file: FileNode): number[] {
  const least = leastSizeOf(file);
  return dirtyPagesOf(file).filter((page) => page * pageSizeBytes >= least);
}

/** Indexes of the pages in `[start, end)` of which memory and disk hold the same bytes, and not for want of any. */
export function pagesAtRest(file: FileNode, start: number, end: number): number[] {
  const dirty = new Set(dirtyPagesOf(file));
  const least = leastSizeOf(file);
  const settled = least === file.size && least === file.durableSize ? Infinity : least;
  const pages: number[] = [];
  for (let page = pageOf(start); page * pageSizeBytes < end; page++) {
    if ((page + 1) * pageSizeBytes > settled) break;
    const isOnDisk = file.pages.page(page) !== undefined && !file.stale.has(page);
    if (isOnDisk && !dirty.has(page)) pages.push(page);
  }
  return pages;
}

/** The least that the file measured since its size was last durable. */
function leastSizeOf(file: FileNode): number {
  return file.changes.reduce((least, { sizeAfter }) => Math.min(least, sizeAfter), file.durableSize);
}
