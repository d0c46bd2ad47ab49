/** Bits of a float's mantissa that a bucket keeps: 128 buckets for each power of two. */
const mantissaBits = 7;
const shift = 20 - mantissaBits;
const scratch = new DataView(new ArrayBuffer(8));

/**
 * The distribution of one quantity, in memory that depends on its range and not on how often it was
 * measured: a log-linear histogram (as HdrHistogram's) whose buckets are the leading bits of the float
 * itself, so that it is the same on every machine. A quantile is off by less than 1/128, towards zero, and
 * exact for integers below 256.
 */
export class Measure {
  readonly #buckets = new Map<number, number>();
  #count = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  /** Exact; 0 when nothing was measured. */
  get max(): number {
    return this.#max;
  }

  /** What is not finite is not counted. */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#max = this.#count === 0 ? value : Math.max(this.#max, value);
    this.#count++;
    const bucket = bucketOf(value);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  /** Counts everything that `other` has counted too. */
  addAll(other: Measure): void {
    if (other.#count === 0) return;
    this.#max = this.#count === 0 ? other.#max : Math.max(this.#max, other.#max);
    this.#count += other.#count;
    for (const [bucket, count] of other.#buckets) {
      this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count);
    }
  }

  /**
   * The least value that at least this share of all are not above, by nearest rank: 0.5 for the median. 0
   * when nothing was measured.
   */
  quantile(share: number): number {
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (const bucket of [...this.#buckets.keys()].toSorted((one, other) => one - other)) {
      left -= this.#buckets.get(bucket) ?? 0;
      if (left <= 0) return boundOf(bucket);
    }
    return this.#max;
  }
}

/** Rises with the value: sign, exponent and leading bits of the mantissa. */
function bucketOf(value: number): number {
  scratch.setFloat64(0, Math.abs(value));
  const magnitude = scratch.getUint32(0) >>> shift;
  return value < 0 ? -1 - magnitude : magnitude;
}

/** The bound of the bucket that is nearer to zero. */
function boundOf(bucket: number): number {
  scratch.setUint32(0, (bucket < 0 ? -1 - bucket : bucket) << shift);
  scratch.setUint32(4, 0);
  const magnitude = scratch.getFloat64(0);
  return bucket < 0 ? -magnitude : magnitude;
}
