/** What happened in one span of a campaign. */
export interface TrendBucket {
  runs: number;
  failures: number;
  /** Signatures that had not been seen before. */
  newFailures: number;
  /** Markers that had not been reached before. */
  newMarkers: number;
}

export type TrendEvents = Readonly<Omit<TrendBucket, 'runs'>>;

/** Twice of this is never kept. */
const bucketsMin = 30;

const bucketsMax = 2 * bucketsMin;

/**
 * A campaign over its time, in at most 60 equal spans, however long it lasts: when they are full each two become one,
 * and spans are twice as long from then on. So there are 30 or more for whatever lasts longer than 30 milliseconds.
 */
export class CampaignTrend {
  #spanMs = 1;
  #buckets: TrendBucket[] = [];

  /** A run that ended `ms` after the campaign began; time may not run backwards. */
  add(ms: number, { failures, newFailures, newMarkers }: TrendEvents): void {
    while (ms >= this.#spanMs * bucketsMax) this.#halve();
    const index = Math.max(0, Math.floor(ms / this.#spanMs), this.#buckets.length - 1);
    while (this.#buckets.length <= index) this.#buckets.push(empty());
    merge(this.#buckets[index]!, { runs: 1, failures, newFailures, newMarkers });
  }

  get spanMs(): number {
    return this.#spanMs;
  }

  /** From the beginning on, each `spanMs` long; the last may not have come to its end. */
  get buckets(): readonly Readonly<TrendBucket>[] {
    return this.#buckets;
  }

  #halve(): void {
    this.#spanMs *= 2;
    this.#buckets = joined(this.#buckets, 2);
  }
}

/** Each `count` neighbours as one. */
export function joined(buckets: readonly Readonly<TrendBucket>[], count: number): TrendBucket[] {
  const result: TrendBucket[] = [];
  for (const [index, bucket] of buckets.entries()) {
    if (index % count === 0) result.push(empty());
    merge(result.at(-1)!, bucket);
  }
  return result;
}

function merge(into: TrendBucket, bucket: Readonly<TrendBucket>): void {
  into.runs += bucket.runs;
  into.failures += bucket.failures;
  into.newFailures += bucket.newFailures;
  into.newMarkers += bucket.newMarkers;
}

function empty(): TrendBucket {
  return { runs: 0, failures: 0, newFailures: 0, newMarkers: 0 };
}
