import { WalOffsetError } from './errors.ts';
import type { SegmentHeader } from './segment-header.ts';

/** A segment of an open log. */
export interface ListedSegment {
  readonly header: SegmentHeader;
  /** Where the next segment begins; `undefined` for the newest, which still grows. */
  readonly end: number | undefined;
}

/** The segments of an open log, oldest first. */
export class SegmentList {
  #headers: readonly SegmentHeader[];

  constructor(headers: readonly SegmentHeader[]) {
    this.#headers = headers;
  }

  /** The lowest offset that can still be read. */
  get firstOffset(): number {
    return this.#headers[0]?.base ?? 0;
  }

  get count(): number {
    return this.#headers.length;
  }

  add(header: SegmentHeader): void {
    this.#headers = [...this.#headers, header];
  }

  /** Takes the oldest off the list. */
  removeFirst(): void {
    this.#headers = this.#headers.slice(1);
  }

  /** The oldest, if all of it lies below `offset` and another follows it. */
  firstBelow(offset: number): SegmentHeader | undefined {
    const [first, second] = this.#headers;
    return second !== undefined && second.base <= offset ? first : undefined;
  }

  /** The segment that holds `offset`. Throws `WalOffsetError` when it has been cleaned up. */
  find(offset: number): ListedSegment {
    const headers = this.#headers;
    let low = 0;
    let high = headers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (headers[middle]!.base <= offset) low = middle + 1;
      else high = middle;
    }
    const header = headers[low - 1];
    if (header === undefined) {
      throw new WalOffsetError(offset, `is no longer in the log, which begins at ${this.firstOffset}`);
    }
    return { header, end: headers[low]?.base };
  }
}
