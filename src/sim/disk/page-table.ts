import { Owner } from './owner.ts';

/** The unit of caching and of copying. */
export const pageSizeBytes = 4096;

/** The unit in which a device writes, and so in which a power loss tears. */
export const sectorSizeBytes = 512;

export const pageSectors = pageSizeBytes / sectorSizeBytes;

const chunkPages = 256;

interface Page {
  readonly owner: Owner;
  readonly bytes: Uint8Array;
}

interface Chunk {
  readonly owner: Owner;
  readonly pages: (Page | undefined)[];
}

/**
 * The content of one file: sparse pages in chunks of 1 MiB. An absent page reads as zeros. It knows no
 * size; its user keeps all bytes beyond the end of the file zero.
 */
export class PageTable {
  #chunks = noChunks;
  /** Whose `#chunks` is; of a shared one, nobody's. */
  #owner: Owner | undefined;

  /** A table with the same content. The owners of both sides must be new from here on. */
  share(): PageTable {
    const copy = new PageTable();
    copy.#chunks = this.#chunks;
    this.#owner = undefined;
    return copy;
  }

  /** The bytes of a page, or `undefined` where all are zero. Not to be written to. */
  page(index: number): Uint8Array | undefined {
    return this.#chunks.get(chunkOf(index))?.pages[index & (chunkPages - 1)]?.bytes;
  }

  /** The page to write in place; made, or copied, if need be. */
  writablePage(index: number, owner: Owner): Uint8Array {
    const pages = this.#writableChunk(index, owner);
    const slot = index & (chunkPages - 1);
    const page = pages[slot];
    if (page !== undefined && page.owner === owner) return page.bytes;
    const bytes = owner.allocate(pageSizeBytes);
    if (page !== undefined) bytes.set(page.bytes);
    pages[slot] = { owner, bytes };
    return bytes;
  }

  /** Puts a page of another table in place, shared: it will be copied before it is written. */
  adoptPage(index: number, bytes: Uint8Array | undefined, owner: Owner): void {
    this.#writableChunk(index, owner)[index & (chunkPages - 1)] =
      bytes === undefined ? undefined : { owner: sharedForEver, bytes };
  }

  /** Copies the bytes of `[start, end)` to `target` at `targetOffset`. */
  read(target: Uint8Array, targetOffset: number, start: number, end: number): void {
    let at = start;
    while (at < end) {
      const index = pageOf(at);
      const pageStart = index * pageSizeBytes;
      const stop = Math.min(end, pageStart + pageSizeBytes);
      const page = this.page(index);
      const to = targetOffset + at - start;
      if (page === undefined) target.fill(0, to, to + stop - at);
      else target.set(page.subarray(at - pageStart, stop - pageStart), to);
      at = stop;
    }
  }

  /** Copies `end - start` bytes of `source` from `sourceOffset` to `[start, end)`. */
  write(source: Uint8Array, sourceOffset: number, start: number, end: number, owner: Owner): void {
    let at = start;
    while (at < end) {
      const index = pageOf(at);
      const pageStart = index * pageSizeBytes;
      const stop = Math.min(end, pageStart + pageSizeBytes);
      const from = sourceOffset + at - start;
      this.writablePage(index, owner).set(source.subarray(from, from + stop - at), at - pageStart);
      at = stop;
    }
  }

  /** Makes everything from `size` on zero, and gives those pages up. */
  truncate(size: number, owner: Owner): void {
    const firstGone = Math.ceil(size / pageSizeBytes);
    const tail = size % pageSizeBytes;
    if (tail > 0 && this.page(firstGone - 1) !== undefined) {
      this.writablePage(firstGone - 1, owner).fill(0, tail);
    }
    const boundary = chunkOf(firstGone);
    const chunks = this.#writableChunks(owner);
    for (const chunkIndex of chunks.keys()) {
      if (chunkIndex > boundary || (chunkIndex === boundary && (firstGone & (chunkPages - 1)) === 0)) {
        chunks.delete(chunkIndex);
      } else if (chunkIndex === boundary) {
        this.#writableChunk(firstGone, owner).length = firstGone & (chunkPages - 1);
      }
    }
  }

  /** The indexes of the pages that are present, ascending, from `firstIndex` on. */
  *indexes(firstIndex = 0): Generator<number> {
    const chunkIndexes = [...this.#chunks.keys()].sort((a, b) => a - b);
    for (const chunkIndex of chunkIndexes) {
      const pages = this.#chunks.get(chunkIndex)?.pages ?? [];
      for (let slot = 0; slot < pages.length; slot++) {
        const index = chunkIndex * chunkPages + slot;
        if (pages[slot] !== undefined && index >= firstIndex) yield index;
      }
    }
  }

  /** How many pages are present. */
  count(): number {
    let count = 0;
    for (const { pages } of this.#chunks.values()) for (const page of pages) if (page !== undefined) count++;
    return count;
  }

  /** The last page that is present. */
  lastPage(): Uint8Array | undefined {
    const pages = this.#chunks.get(Math.max(...this.#chunks.keys()))?.pages;
    return pages?.findLast((page) => page !== undefined)?.bytes;
  }

  #writableChunk(index: number, owner: Owner): (Page | undefined)[] {
    const chunkIndex = chunkOf(index);
    const chunk = this.#chunks.get(chunkIndex);
    if (chunk !== undefined && chunk.owner === owner) return chunk.pages;
    const pages = chunk === undefined ? [] : chunk.pages.slice();
    this.#writableChunks(owner).set(chunkIndex, { owner, pages });
    return pages;
  }

  #writableChunks(owner: Owner): Map<number, Chunk> {
    if (this.#owner !== owner) {
      this.#chunks = new Map(this.#chunks);
      this.#owner = owner;
    }
    return this.#chunks;
  }
}

/** Belongs to no table: the first write copies it. */
const noChunks = new Map<number, Chunk>();

const sharedForEver = new Owner();

/** The page that holds the byte at `position`. */
export function pageOf(position: number): number {
  return Math.floor(position / pageSizeBytes);
}

function chunkOf(pageIndex: number): number {
  return Math.floor(pageIndex / chunkPages);
}
