import { HASH_BYTES } from './format.ts';
import { END_OF_TEXT, ESCAPED_NUL } from './key-writer.ts';
import { INTEGER_MAX, NAME_BYTES_MAX } from './limits.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const TABLE_LENGTH_MAX = 3;

/**
 * Takes a key apart from front to back. Parts that are not as `KeyWriter` writes them are read as something
 * empty: ask `isComplete` before using any.
 */
export class KeyReader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #isSound = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether every part was sound and nothing is left. */
  get isComplete(): boolean {
    return this.#isSound && this.#offset === this.#bytes.length;
  }

  table(): string {
    const end = this.#bytes.indexOf(0);
    if (end < 0 || end > TABLE_LENGTH_MAX) return this.#unsound('');
    this.#offset = end + 1;
    return String.fromCharCode(...this.#bytes.subarray(0, end));
  }

  text(): string {
    const utf8: number[] = [];
    for (let at = this.#offset; at + 1 < this.#bytes.length; at += 1) {
      const byte = this.#bytes[at]!;
      if (byte === 0) {
        at += 1;
        if (this.#bytes[at] === END_OF_TEXT) {
          this.#offset = at + 1;
          return this.#decode(Uint8Array.from(utf8));
        }
        if (this.#bytes[at] !== ESCAPED_NUL) break;
      }
      utf8.push(byte);
    }
    return this.#unsound('');
  }

  /** A copy. */
  hash(): Uint8Array {
    const end = this.#offset + HASH_BYTES;
    if (end > this.#bytes.length) return this.#unsound(new Uint8Array(0));
    const hash = Uint8Array.from(this.#bytes.subarray(this.#offset, end));
    this.#offset = end;
    return hash;
  }

  u64(): number {
    if (this.#offset + 8 > this.#bytes.length) return this.#unsound(0);
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#offset, 8);
    this.#offset += 8;
    const value = view.getUint32(0) * 0x1_0000_0000 + view.getUint32(4);
    return value <= INTEGER_MAX ? value : this.#unsound(0);
  }

  #decode(utf8: Uint8Array): string {
    if (utf8.length > NAME_BYTES_MAX) return this.#unsound('');
    try {
      return decoder.decode(utf8);
    } catch {
      return this.#unsound(''); // Not UTF-8.
    }
  }

  #unsound<Part>(substitute: Part): Part {
    this.#isSound = false;
    return substitute;
  }
}
