import { crc32c } from '../../crypto/index.ts';
import type { tombstone } from './cursor.ts';
import { EntryList, entrySize, writeEntry } from './entry-codec.ts';
import { nonceBytes } from './run-format.ts';

/**
 * A block, the unit in which a run is read:
 *
 *      0  crc32c of everything that follows   u32
 *      4  nonce of the run                    8 bytes
 *     12  number of the block in the run      u32
 *     16  entries                             u32
 *     20  the entries, see `entry-codec.ts`
 *
 * The checksum tells that the bytes are some block's; nonce and number tell that they are this one's, so
 * that a stale or misdirected write of another block is seen as well.
 */
export const blockHeaderBytes = 20;

/** Gathers entries, in ascending order, for one block. */
export class BlockBuilder {
  readonly #keys: Uint8Array[] = [];
  readonly #values: (Uint8Array | typeof tombstone)[] = [];
  #bytes = blockHeaderBytes;

  get bytes(): number {
    return this.#bytes;
  }

  get keys(): readonly Uint8Array[] {
    return this.#keys;
  }

  add(key: Uint8Array, value: Uint8Array | typeof tombstone): void {
    this.#keys.push(key);
    this.#values.push(value);
    this.#bytes += entrySize(key, value);
  }

  /** The finished block; the builder is empty again. */
  finish(nonce: Uint8Array, number: number): Uint8Array<ArrayBuffer> {
    const block = new Uint8Array(this.#bytes);
    const view = new DataView(block.buffer);
    block.set(nonce, 4);
    view.setUint32(12, number, true);
    view.setUint32(16, this.#keys.length, true);
    let at = blockHeaderBytes;
    for (let index = 0; index < this.#keys.length; index += 1) {
      at = writeEntry(block, view, at, this.#keys[index]!, this.#values[index]!);
    }
    view.setUint32(0, crc32c(block, 4), true);
    this.#keys.length = 0;
    this.#values.length = 0;
    this.#bytes = blockHeaderBytes;
    return block;
  }
}

/** The entries of a block, or the reason why the bytes are not block `number` of the run. */
export function parseBlock(bytes: Uint8Array, nonce: Uint8Array, number: number): EntryList | string {
  if (bytes.length < blockHeaderBytes) return 'the block is shorter than its header';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== crc32c(bytes, 4)) return 'the checksum of the block does not match';
  for (let at = 0; at < nonceBytes; at += 1) {
    if (bytes[4 + at] !== nonce[at]) return 'the block belongs to another run';
  }
  const found = view.getUint32(12, true);
  if (found !== number) return `the block is number ${found}, expected ${number}`;
  const entries = EntryList.parse(bytes, blockHeaderBytes, view.getUint32(16, true));
  if (entries === undefined || entries.count === 0) return 'the entries of the block do not fill it';
  return entries;
}
