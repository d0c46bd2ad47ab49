import type { JournalDirectory } from './directory.ts';
import { segmentName } from './segment-name.ts';
import type { SegmentList } from './segment-list.ts';

/** Removes what lies wholly below an offset; one call at a time. */
export class Cleaner {
  readonly #directory: JournalDirectory;
  readonly #segments: SegmentList;
  /** Files older than the log that recovery left alone, as nobody had said that they may go. */
  #disconnected: readonly string[];
  /** Names off the list whose files are still to be removed, oldest first. */
  readonly #doomed: string[] = [];

  constructor(directory: JournalDirectory, segments: SegmentList, disconnected: readonly string[]) {
    this.#directory = directory;
    this.#segments = segments;
    this.#disconnected = disconnected;
  }

  /**
   * Returns how many files went. A segment leaves the list before its file is removed, so that no reader
   * opens it in between; if that fails, the next call begins with it.
   */
  async removeBelow(offset: number): Promise<number> {
    for (let first = this.#segments.firstBelow(offset); first !== undefined;) {
      this.#doomed.push(segmentName(first));
      this.#segments.removeFirst();
      first = this.#segments.firstBelow(offset);
    }
    if (offset >= this.#segments.firstOffset) {
      this.#doomed.unshift(...this.#disconnected);
      this.#disconnected = [];
    }
    let removed = 0;
    for (let name = this.#doomed[0]; name !== undefined; name = this.#doomed[0]) {
      await this.#directory.remove(name);
      this.#doomed.shift();
      removed += 1;
    }
    return removed;
  }
}
