import type { Telemetry } from '../../ports/index.ts';
import { WalChangedError } from './errors.ts';

/** Each attempt but the first finds fewer pages that no disk has; there is no more to lose after a few. */
const attemptsMax = 16;

/**
 * Does `open` again while logs change between being judged and being opened: see `WalChangedError`. Every such
 * attempt has left the logs such that the next one finds what it would have found.
 */
export async function openAgainWhileChanging<T>(telemetry: Telemetry, open: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof WalChangedError) || attempt === attemptsMax) throw error;
      telemetry.reached('wal.changed-while-recovering');
      telemetry.log('warn', 'wal.changed-while-recovering', { reason: error.message });
    }
  }
}
