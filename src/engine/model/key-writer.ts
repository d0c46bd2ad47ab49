import { invariant } from '../errors.ts';
import type { ValidationCode } from './codes.ts';
import { ValidationError } from './errors.ts';
import { HASH_BYTES } from './format.ts';
import { NAME_BYTES_MAX } from './limits.ts';
import { requireHash, requireText } from './rules.ts';

const encoder = new TextEncoder();

/** What stands for a NUL inside of a text, and what ends a text. */
export const ESCAPED_NUL = 0xff;
export const END_OF_TEXT = 0x01;

/** Of the longest key: a table, three texts of nothing but NUL, and a hash. */
const KEY_BYTES_MAX = 8 + 3 * (2 * NAME_BYTES_MAX + 2) + HASH_BYTES;

/**
 * Lays out one key after the other in a buffer of its own; only the finished key is copied out. For the
 * format see keys.ts.
 */
export class KeyWriter {
  readonly #bytes = new Uint8Array(KEY_BYTES_MAX);
  readonly #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Starts a key of `table`, an ASCII name. */
  table(table: string): this {
    this.#length = 0;
    for (let at = 0; at < table.length; at += 1) this.#u8(table.charCodeAt(at));
    this.#u8(0);
    return this;
  }

  /** Throws `ValidationError` for what is no text, or takes more bytes than a subject may. */
  text(value: string, field: string, tooLong: ValidationCode): this {
    requireText(value, field);
    const start = this.#length;
    const target = this.#bytes.subarray(start, start + NAME_BYTES_MAX);
    const { read, written } = encoder.encodeInto(value, target);
    if (read < value.length) throw new ValidationError(tooLong, field);
    this.#length += written;
    if (value.includes('\0')) this.#escape(start);
    this.#u8(0);
    this.#u8(END_OF_TEXT);
    return this;
  }

  /** 32 bytes. Throws `ValidationError` for any other number of them. */
  hash(value: Uint8Array, field: string): this {
    requireHash(value, field);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A non-negative safe integer, most significant byte first, so that keys sort by it. */
  u64(value: number): this {
    invariant(Number.isSafeInteger(value) && value >= 0, `${value} is no part of a key`);
    this.#view.setUint32(this.#length, Math.floor(value / 0x1_0000_0000));
    this.#view.setUint32(this.#length + 4, value >>> 0);
    this.#length += 8;
    return this;
  }

  /** A copy of the key. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Writes the text from `start` again with its NULs escaped. */
  #escape(start: number): void {
    const text = this.#bytes.slice(start, this.#length);
    this.#length = start;
    for (const byte of text) {
      this.#u8(byte);
      if (byte === 0) this.#u8(ESCAPED_NUL);
    }
  }

  #u8(value: number): void {
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }
}
