import type { Parked, Scheduler } from '../../ports/index.ts';
import type { JournalRecord } from '../wal/index.ts';
import type { Judged } from './judge.ts';

type Outcome = { readonly judged: readonly Judged[] } | { readonly error: unknown };

/** Consecutive records of the log that one worker judges and one batch of the store takes. */
export class Chunk {
  readonly records: readonly JournalRecord[];
  #outcome: Outcome | undefined;
  #waiter: Parked<void> | undefined;

  constructor(records: readonly JournalRecord[]) {
    this.records = records;
  }

  /** What each record is, in order; waits for the worker that finds out. To be awaited by one task. */
  async judged(scheduler: Scheduler): Promise<readonly Judged[]> {
    if (this.#outcome === undefined) {
      this.#waiter = scheduler.park(`records from offset ${this.records[0]?.offset} on to be verified`);
      await this.#waiter.promise;
    }
    const outcome = this.#outcome!;
    if ('error' in outcome) throw outcome.error;
    return outcome.judged;
  }

  finish(judged: readonly Judged[]): void {
    this.#end({ judged });
  }

  fail(error: unknown): void {
    this.#end({ error });
  }

  #end(outcome: Outcome): void {
    this.#outcome = outcome;
    this.#waiter?.wake();
  }
}

/** Cuts records into chunks of at most so many records and so many bytes of log; one may always be larger. */
export function* chunksOf(
  records: readonly JournalRecord[],
  { recordsMax, bytesMax }: { readonly recordsMax: number; readonly bytesMax: number },
): Generator<Chunk> {
  let first = 0;
  for (const [index, { endOffset }] of records.entries()) {
    const begin = records[first]?.offset ?? 0;
    if (index > first && (endOffset - begin > bytesMax || index - first === recordsMax)) {
      yield new Chunk(records.slice(first, index));
      first = index;
    }
  }
  if (first < records.length) yield new Chunk(records.slice(first));
}
