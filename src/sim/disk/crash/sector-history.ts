import type { FileChange, FileNode } from '../file-node.ts';
import { sectorSizeBytes } from '../page-table.ts';

/** A part of a sector, in bytes from its start. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * What one sector of a file held after each of its pending changes. All of them are undone, newest first,
 * which gives the durable sector; those that a version includes are then done again.
 */
export class SectorHistory {
  readonly #start: number;
  readonly #included: readonly FileChange[];
  readonly #durable: Uint8Array;
  /** What each write put into the sector. */
  readonly #written = new Map<FileChange, Uint8Array>();

  /**
   * `changes` are all that touch the sector, `included` those that count as versions; the others are
   * undone and stay undone. Both oldest first.
   */
  constructor(
    file: FileNode,
    sector: number,
    changes: readonly FileChange[],
    included: readonly FileChange[],
  ) {
    const start = sector * sectorSizeBytes;
    const bytes = new Uint8Array(sectorSizeBytes);
    this.#start = start;
    this.#included = included;
    this.#durable = bytes;
    file.pages.read(bytes, 0, start, start + sectorSizeBytes);
    for (const change of changes.toReversed()) {
      const { from, to } = rangeIn(sector, change);
      if (change.kind === 'write') {
        this.#written.set(change, bytes.slice(from, to));
        bytes.fill(0, from, to);
        const { before } = change;
        if (before !== undefined) {
          const offset = start + from - change.start;
          bytes.set(before.subarray(offset, offset + to - from), from);
        }
      } else if (change.before !== undefined) {
        change.before.read(bytes, from, start + from, start + to);
      }
    }
  }

  /** The sector after its first `version` changes: a new array. */
  at(version: number): Uint8Array {
    const bytes = this.#durable.slice();
    for (const change of this.#included.slice(0, version)) {
      const { from, to } = rangeIn(this.#start / sectorSizeBytes, change);
      const written = this.#written.get(change);
      if (written === undefined) bytes.fill(0, from, to);
      else bytes.set(written, from);
    }
    return bytes;
  }

  /** The least range that holds all bytes written by the changes that made `older` into `newer`. */
  writtenBetween(older: number, newer: number): Range {
    let from = sectorSizeBytes;
    let to = 0;
    for (const change of this.#included.slice(older, newer)) {
      const range = rangeIn(this.#start / sectorSizeBytes, change);
      from = Math.min(from, range.from);
      to = Math.max(to, range.to);
    }
    return { from, to };
  }
}

/** The part of the sector that a change writes or cuts off; `from >= to` when it does not touch it. */
export function rangeIn(sector: number, change: FileChange): Range {
  const start = sector * sectorSizeBytes;
  const changeStart = change.kind === 'write' ? change.start : change.sizeAfter;
  const changeEnd = change.kind === 'write' ? change.end : change.sizeBefore;
  return { from: Math.max(changeStart - start, 0), to: Math.min(changeEnd - start, sectorSizeBytes) };
}
