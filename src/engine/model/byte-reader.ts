import { INTEGER_MAX, RECORD_BYTES_MAX } from './limits.ts';
import type { DecodeCode } from './codes.ts';
import { DecodeError } from './errors.ts';

// A byte order mark is text like any other here: to drop it would be to read two encodings as one value.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Takes a record apart from front to back. Every read checks its bounds first and throws `DecodeError`
 * with the offset of the field. What it hands out never shares memory with the input.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    if (bytes.length > RECORD_BYTES_MAX) throw new DecodeError('STEME_DECODE_TOO_LONG', RECORD_BYTES_MAX);
    // `slice` of a Node Buffer, which is a Uint8Array too, would give a view and no copy.
    const isPlain = bytes.constructor === Uint8Array;
    this.#bytes = isPlain ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  u8(): number {
    return this.#bytes[this.#advance(1)]!;
  }

  /** A byte that can only be `expected`. */
  constant(expected: number, code: DecodeCode): void {
    if (this.u8() !== expected) this.refuse(code, 1);
  }

  /** An integer of eight bytes up to `max`, itself at most 2^53 - 1. */
  u64(max: number = INTEGER_MAX): number {
    const at = this.#advance(8);
    // Inexact above 2^53 - 1, but never so much as to fall below it.
    const value = this.#view.getUint32(at + 4, true) * 0x1_0000_0000 + this.#view.getUint32(at, true);
    if (value > max) throw new DecodeError('STEME_DECODE_INTEGER', at);
    return value;
  }

  /** A finite double other than negative zero. */
  f64(): number {
    const at = this.#advance(8);
    const value = this.#view.getFloat64(at, true);
    if (!Number.isFinite(value) || Object.is(value, -0)) throw new DecodeError('STEME_DECODE_NUMBER', at);
    return value;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#advance(length);
    return this.#bytes.slice(at, at + length);
  }

  /** UTF-8 behind its length in `lengthBytes` bytes. */
  text(lengthBytes: 2 | 4, bytesMin: number, bytesMax: number): string {
    const lengthAt = this.#advance(lengthBytes);
    const length =
      lengthBytes === 2 ? this.#view.getUint16(lengthAt, true) : this.#view.getUint32(lengthAt, true);
    if (length < bytesMin || length > bytesMax) throw new DecodeError('STEME_DECODE_LENGTH', lengthAt);
    const at = this.#advance(length);
    try {
      return decoder.decode(this.#bytes.subarray(at, at + length));
    } catch (error) {
      throw new DecodeError('STEME_DECODE_UTF8', at, { cause: error });
    }
  }

  /** The end of the record: there must be nothing left. */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw new DecodeError('STEME_DECODE_TRAILING', this.#offset);
  }

  /** Refuses the `length` bytes read last. */
  refuse(code: DecodeCode, length: number): never {
    throw new DecodeError(code, this.#offset - length);
  }

  #advance(length: number): number {
    const at = this.#offset;
    if (length > this.#bytes.length - at) throw new DecodeError('STEME_DECODE_TRUNCATED', at);
    this.#offset = at + length;
    return at;
  }
}
