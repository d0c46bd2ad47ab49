/** Bytes of UTF-8 in a subject, a predicate or a reference. */
export const NAME_BYTES_MAX = 1024;

/** Bytes of UTF-8 in a text object. */
export const TEXT_BYTES_MAX = 64 * 1024;

/** Bytes of one encoded record, whatever its kind. */
export const RECORD_BYTES_MAX = 1024 * 1024;

export const SIGNATURES_MAX = 16;

/** Timestamps and epochs: what a double counts exactly. */
export const INTEGER_MAX = Number.MAX_SAFE_INTEGER;

/**
 * A weight of 1,000,000,000. Below 2^33 neighbouring doubles are less than a millionth apart, so that up to
 * here each weight with six decimals has a double of its own and survives JSON.
 */
export const WEIGHT_MILLIONTHS_MAX = 1e15;

export const MILLIONTHS = 1_000_000;
