import { alignUp } from './bytes.ts';
import type { RecordKind } from './envelope.ts';
import { encodeRecord, recordHeadBytes } from './record.ts';
import type { ChainPoint } from './segment-walk.ts';
import type { SegmentHeader } from './segment-header.ts';

/** A record yet to be encoded. */
export interface GroupMember {
  readonly kind: RecordKind;
  readonly body: Uint8Array;
}

/** An encoded group: what one call writes. */
export interface EncodedGroup {
  /** The first `length` bytes are the group; valid until the next one is encoded. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Where each member ends in the log. */
  readonly ends: readonly number[];
  /** Where the log goes on. */
  readonly end: ChainPoint;
}

/**
 * Encodes groups into one buffer that it uses again and again. A group begins and ends on a sector
 * boundary, the last member being filled up with zeros, so that writing one never touches a sector that
 * holds another.
 */
export class GroupEncoder {
  readonly #bytesKept: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);

  /** Keeps a buffer of up to `bytesKept`; a larger one goes with the next group. */
  constructor(bytesKept: number) {
    this.#bytesKept = bytesKept;
  }

  encode(
    members: readonly GroupMember[],
    from: ChainPoint,
    { nonce, sectorBytes }: SegmentHeader,
    durableThrough: number,
  ): EncodedGroup {
    let unfilled = 0;
    for (const { body } of members) unfilled += recordHeadBytes + body.length;
    const length = alignUp(unfilled, sectorBytes);
    this.#reserve(length);
    const filler = length - unfilled;
    const lastIndex = members.length - 1;
    const ends: number[] = [];
    let { offset, lsn, hash: previousHash } = from;
    for (let index = 0; index <= lastIndex; index += 1) {
      const { kind, body } = members[index]!;
      const total = recordHeadBytes + body.length + (index === lastIndex ? filler : 0);
      const fields = { kind, carried: false, nonce, lsn, offset, durableThrough, previousHash, body };
      previousHash = encodeRecord(this.#bytes, this.#view, offset - from.offset, total, fields);
      offset += total;
      lsn += 1;
      ends.push(offset);
    }
    return { bytes: this.#bytes, length, ends, end: { offset, lsn, hash: previousHash } };
  }

  #reserve(length: number): void {
    const present = this.#bytes.length;
    if (present >= length && present <= this.#bytesKept) return;
    this.#bytes = new Uint8Array(Math.max(length, Math.min(2 * present, this.#bytesKept)));
    this.#view = new DataView(this.#bytes.buffer);
  }
}
