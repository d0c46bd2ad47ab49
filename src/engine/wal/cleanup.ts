import type { JournalDirectory } from './directory.ts';
import { segmentName } from './segment-name.ts';
import type { SegmentList } from './segment-list.ts';

/** Removes what lies wholly below an offset; one call at a time. */
export class Cleaner {
  readonly #directory: JournalDirectory;
  readonly #segments: SegmentList;
  /** Files older than the log that recovery left alone, as nobody had said that they may go. */
  #disconnected: readonly string[];

  constructor(directory: JournalDirectory, segments: SegmentList, disconnected: readonly string[]) {
    this.#directory = directory;
    this.#segments = segments;
    this.#disconnected = disconnected;
  }

  /**
   * Returns how many segments went. A segment leaves the list before its file is removed, so that no
   * reader opens it in between; one that could not be removed is found and judged by the next recovery.
   */
  async removeBelow(offset: number): Promise<number> {
    const names: string[] = [];
    for (let first = this.#segments.firstBelow(offset); first !== undefined;) {
      names.push(segmentName(first));
      this.#segments.removeFirst();
      first = this.#segments.firstBelow(offset);
    }
    if (offset >= this.#segments.firstOffset) {
      names.unshift(...this.#disconnected);
      this.#disconnected = [];
    }
    if (names.length === 0) return 0;
    for (const name of names) await this.#directory.remove(name);
    return names.length;
  }
}
