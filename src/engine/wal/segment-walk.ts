import { equalAt } from './bytes.ts';
import type { FileWindow } from './file-window.ts';
import { loadFrame, peekFrame } from './frame.ts';
import { type DecodedRecord, decodeRecord, type RecordFault } from './record.ts';
import { positionOf, type SegmentHeader } from './segment-header.ts';

/** A place between two records: all that the next one must continue. */
export interface ChainPoint {
  readonly offset: number;
  /** Of the next record. */
  readonly lsn: number;
  /** Of the record before. */
  readonly hash: Uint8Array;
}

/** Where the records of a segment begin. */
export function chainStart(header: SegmentHeader): ChainPoint {
  return { offset: header.base, lsn: header.baseLsn, hash: header.previousHash };
}

export function pointAfter(record: DecodedRecord): ChainPoint {
  return { offset: record.endOffset, lsn: record.lsn + 1, hash: record.hash };
}

/**
 * Follows the chain of records through one segment. A record counts only if its checksums hold, it
 * belongs to this segment and this place, and it continues the record before; what comes after one that
 * does not is never reached.
 */
export class SegmentWalk {
  readonly header: SegmentHeader;
  readonly #window: FileWindow;
  #offset: number;
  #last: ChainPoint | undefined;
  #fault: RecordFault | undefined;

  /** From a known place of the chain, or from an offset, whose first record is taken without a link. */
  constructor(window: FileWindow, header: SegmentHeader, from: ChainPoint | number) {
    this.#window = window;
    this.header = header;
    this.#last = typeof from === 'number' ? undefined : from;
    this.#offset = typeof from === 'number' ? from : from.offset;
  }

  get path(): string {
    return this.#window.path;
  }

  /** Where the next record begins. */
  get offset(): number {
    return this.#offset;
  }

  /** The place after the last record; `undefined` before the first, when the walk began at an offset. */
  get point(): ChainPoint | undefined {
    return this.#last;
  }

  /** Why the walk cannot go on: what is wrong at `offset`. */
  get fault(): RecordFault | undefined {
    return this.#fault;
  }

  /**
   * The next records that end at or before `until`: as many as are in memory, after reading a chunk if
   * none is. Empty at `until`, and when there is a `fault`. Rejects with `WalIoError`, having moved
   * nowhere.
   */
  async batch(until: number): Promise<DecodedRecord[]> {
    const limit = positionOf(this.header, until);
    const records: DecodedRecord[] = [];
    while (this.#fault === undefined && this.#offset < until) {
      const position = positionOf(this.header, this.#offset);
      let frame = peekFrame(this.#window, position, limit);
      if (frame === undefined) {
        if (records.length > 0) break;
        frame = await loadFrame(this.#window, position, limit);
      }
      const record = typeof frame === 'string' ? frame : this.#accept(frame);
      if (typeof record === 'string') {
        this.#fault = record;
      } else {
        records.push(record);
        this.#last = pointAfter(record);
        this.#offset = record.endOffset;
      }
    }
    return records;
  }

  #accept(frame: Uint8Array): DecodedRecord | RecordFault {
    const record = decodeRecord(frame, this.header.nonce);
    if (typeof record === 'string') return record;
    const last = this.#last;
    if (record.offset !== this.#offset) return 'a record from elsewhere in the log';
    if (record.carried !== record.offset < this.header.carriedThrough) {
      return 'a carried record among new ones, or a new one among carried';
    }
    if (last === undefined) return record;
    if (record.lsn !== last.lsn) return 'a record out of sequence';
    if (!equalAt(last.hash, 0, record.previousHash)) return 'a record that does not continue the chain';
    return record;
  }
}
