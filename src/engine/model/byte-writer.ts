const encoder = new TextEncoder();

/**
 * Lays a record out in one buffer that is used again and again; only the finished record is copied out.
 * Integers and doubles are little-endian. The caller knows that everything fits.
 */
export class ByteWriter {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Starts over. */
  restart(): void {
    this.#length = 0;
  }

  u8(value: number): void {
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** A non-negative safe integer, in eight bytes. */
  u64(value: number): void {
    this.#view.setUint32(this.#length, value >>> 0, true);
    this.#view.setUint32(this.#length + 4, Math.floor(value / 0x1_0000_0000), true);
    this.#length += 8;
  }

  /** A double; zero loses its sign, so that equal numbers have equal bytes. */
  f64(value: number): void {
    this.#view.setFloat64(this.#length, value === 0 ? 0 : value, true);
    this.#length += 8;
  }

  bytes(value: Uint8Array): void {
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /**
   * Well-formed text as UTF-8 behind its length in `lengthBytes` bytes. `false`, and nothing is written,
   * when it takes more than `bytesMax` bytes.
   */
  text(value: string, lengthBytes: 2 | 4, bytesMax: number): boolean {
    const start = this.#length + lengthBytes;
    const target = this.#bytes.subarray(start, start + bytesMax);
    const { read, written } = encoder.encodeInto(value, target);
    if (read < value.length) return false;
    if (lengthBytes === 2) this.#view.setUint16(this.#length, written, true);
    else this.#view.setUint32(this.#length, written, true);
    this.#length = start + written;
    return true;
  }

  /** What was written since the restart, on `use` of the buffer itself: it must not be kept. */
  borrow<Result>(use: (bytes: Uint8Array, length: number) => Result): Result {
    return use(this.#bytes, this.#length);
  }

  /** A copy of what was written since the restart. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}
