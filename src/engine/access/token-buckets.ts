import type { Clock } from '../../ports/index.ts';
import type { BucketRate } from './api-key.ts';

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * A token bucket for each key, on the monotonic clock and in memory: full after a restart, untouched by
 * steps of the wall clock. Nothing here awaits, so that of two requests at once each sees what the other took.
 */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes `cost` from the bucket of a key and returns 0, or takes nothing and returns after how many
   * milliseconds there is enough. What costs more than the bucket holds is let through when it is full,
   * and leaves a debt: it costs what it costs, but is not impossible.
   */
  take(id: string, { capacity, refillPerSecond }: BucketRate, cost: number): number {
    const nowMs = this.#clock.monotonicMs();
    let bucket = this.#buckets.get(id);
    if (bucket === undefined) {
      bucket = { tokens: capacity, atMs: nowMs };
      this.#buckets.set(id, bucket);
    }
    const refilled = ((nowMs - bucket.atMs) * refillPerSecond) / 1000;
    bucket.tokens = Math.min(capacity, bucket.tokens + refilled);
    bucket.atMs = nowMs;
    const missing = Math.min(cost, capacity) - bucket.tokens;
    if (missing > 0) return (missing / refillPerSecond) * 1000;
    bucket.tokens -= cost;
    return 0;
  }

  /** Forgets a key that takes no more. */
  remove(id: string): void {
    this.#buckets.delete(id);
  }
}
