import { type Range, rangeIn, SectorHistory } from './crash/sector-history.ts';
import type { DiskState } from './disk-state.ts';
import type { FileNode } from './file-node.ts';
import { Owner } from './owner.ts';
import { pageOf, pageSectors, pageSizeBytes, sectorSizeBytes } from './page-table.ts';

/**
 * Pages that memory takes for written and that are not: their write-back failed, or went elsewhere, and the
 * kernel had marked them clean *before* it began [Rebello, ATC'20]. Reads see the newer bytes, a sync finds
 * nothing to do, and a power loss brings back what the disk holds. A later write makes the whole page dirty
 * again, so that a sync after that does write it.
 */

/** What the disk holds of a page: its volatile bytes with every pending change undone. */
export function durablePage(file: FileNode, page: number): Uint8Array {
  const bytes = new Uint8Array(pageSizeBytes);
  for (let nth = 0; nth < pageSectors; nth++) {
    const sector = page * pageSectors + nth;
    const changes = file.changes.filter((change) => !isEmpty(rangeIn(sector, change)));
    bytes.set(new SectorHistory(file, sector, changes, []).at(0), nth * sectorSizeBytes);
  }
  return bytes;
}

/** Before bytes of `[start, end)` change: stale pages there are dirty again, as pending writes. */
export function redirty(state: DiskState, file: FileNode, start: number, end: number): void {
  if (file.stale.size === 0) return;
  for (const page of stalePagesWithin(file, start, end)) {
    const onDisk = file.stale.get(page);
    file.stale.delete(page);
    if (onDisk === undefined) continue;
    const base = page * pageSizeBytes;
    const length = Math.min(pageSizeBytes, file.size - base);
    for (const { from, to } of differences(file, page, onDisk, length)) {
      file.addRewrite(base + from, onDisk.slice(from, to), ++state.sequence);
    }
  }
}

/** The memory of stale pages is needed for something else: reads see what the disk holds. */
export function evictStale(state: DiskState, file: FileNode): void {
  if (file.stale.size === 0) return;
  state.owner = new Owner(state.owner);
  for (const [page, onDisk] of file.stale) {
    const base = page * pageSizeBytes;
    const length = Math.min(pageSizeBytes, file.size - base);
    if (length > 0) file.pages.write(onDisk, 0, base, base + length, state.owner);
  }
  file.stale.clear();
}

/** Takes every pending change back, in memory too: content and size are again what the disk holds. */
export function revertToDurable(state: DiskState, file: FileNode): void {
  const size = file.durableSize;
  const restored = new Map<number, Uint8Array>();
  for (const change of file.changes) {
    const start = change.kind === 'write' ? change.start : Math.min(change.sizeAfter, change.sizeBefore);
    const end = change.kind === 'write' ? change.end : Math.max(change.sizeAfter, change.sizeBefore);
    for (let page = pageOf(start); page * pageSizeBytes < Math.min(end, size); page++) {
      if (!restored.has(page)) restored.set(page, durablePage(file, page));
    }
  }
  state.owner = new Owner(state.owner);
  file.pages.truncate(Math.min(size, file.size), state.owner);
  file.size = size;
  for (const [page, bytes] of restored) {
    const base = page * pageSizeBytes;
    const length = Math.min(pageSizeBytes, size - base);
    file.pages.write(bytes, 0, base, base + length, state.owner);
  }
  file.sync();
}

/** The files whose pages are all clean and not empty: where a misdirected write can land. */
export function cleanFiles(state: DiskState): FileNode[] {
  const files: FileNode[] = [];
  for (const node of state.nodes.values()) {
    if (node.kind === 'file' && node.links > 0 && node.size > 0 && node.changes.length === 0)
      files.push(node);
  }
  return files;
}

/** In an image of `file` after a power loss: what the disk held all along. Returns the sectors that changed. */
export function restoreStale(file: FileNode, image: FileNode, owner: Owner): number {
  let sectors = 0;
  for (const [page, onDisk] of file.stale) {
    const base = page * pageSizeBytes;
    const length = Math.min(pageSizeBytes, image.size - base);
    if (length <= 0) continue;
    for (const { from, to } of differences(image, page, onDisk, length)) {
      image.pages.write(onDisk, from, base + from, base + to, owner);
      sectors += Math.ceil((to - from) / sectorSizeBytes);
    }
  }
  image.stale.clear();
  return sectors;
}

/** The runs of sectors of a page, cut to `length` bytes, in which memory and disk differ. */
function differences(file: FileNode, page: number, onDisk: Uint8Array, length: number): Range[] {
  const runs: { from: number; to: number }[] = [];
  const memory = new Uint8Array(pageSizeBytes);
  file.pages.read(memory, 0, page * pageSizeBytes, (page + 1) * pageSizeBytes);
  for (let from = 0; from < length; from += sectorSizeBytes) {
    const to = Math.min(from + sectorSizeBytes, length);
    if (memory.subarray(from, to).every((byte, index) => byte === onDisk[from + index])) continue;
    const last = runs.at(-1);
    if (last?.to === from) last.to = to;
    else runs.push({ from, to });
  }
  return runs;
}

function stalePagesWithin(file: FileNode, start: number, end: number): number[] {
  return [...file.stale.keys()]
    .filter((page) => (page + 1) * pageSizeBytes > start && page * pageSizeBytes < end)
    .sort((one, other) => one - other);
}

function isEmpty({ from, to }: Range): boolean {
  return from >= to;
}
