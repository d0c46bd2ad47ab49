import type { Ports } from '../ports/index.ts';
import { StoreIoError } from './kv/index.ts';
import { WalIoError } from './wal/index.ts';

export interface RetryOptions {
  /** Wait before the second attempt; doubles up to `retryMsMax`. */
  readonly retryMs: number;
  readonly retryMsMax: number;
}

/**
 * Does `work`, again and again while the disk fails at it: an I/O error may pass, and `work` must be such that
 * it has changed nothing when it rejects with one. Each further attempt is counted under `marker`. Rejects with
 * any other error, and with the I/O error once `hasEnded` says that nobody waits any more.
 */
export async function retryWhileDiskFails<T>(
  { clock, telemetry }: Pick<Ports, 'clock' | 'telemetry'>,
  { retryMs, retryMsMax }: RetryOptions,
  marker: string,
  hasEnded: () => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (let waitMs = retryMs; ; waitMs = Math.min(2 * waitMs, retryMsMax)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof WalIoError || error instanceof StoreIoError) || hasEnded()) throw error;
      telemetry.reached(marker);
      telemetry.log('warn', marker, { reason: error.message, waitMs });
      await clock.sleep(waitMs);
    }
  }
}
