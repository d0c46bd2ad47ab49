/**
 * What is known of one record that somebody tried to write, once or several times: the log holds it up to an
 * offset, or may hold it, or does not.
 */
export class WrittenRecord {
  /** The least end of an attempt that was acknowledged. */
  #promisedAt = Infinity;
  /** Attempts whose outcome nobody knows can only be in the log beyond this. */
  #possibleBeyond = Infinity;

  get isAcknowledged(): boolean {
    return this.#promisedAt !== Infinity;
  }

  /** An attempt was promised to be durable, and ends at `endOffset` of the log. */
  acknowledge(endOffset: number): void {
    this.#promisedAt = Math.min(this.#promisedAt, endOffset);
  }

  /** An attempt may have taken effect. When it was begun, the log had come at least to `beganAt`. */
  leaveOpen(beganAt: number): void {
    this.#possibleBeyond = Math.min(this.#possibleBeyond, beganAt);
  }

  /** Whether it is in what the log holds before `offset`. */
  isBefore(offset: number): 'yes' | 'no' | 'unknown' {
    if (this.#promisedAt <= offset) return 'yes';
    return this.#possibleBeyond < offset ? 'unknown' : 'no';
  }
}
