import { WalOptionsError } from './errors.ts';
import { bodyBytesLimit } from './record.ts';
import { isSectorSize } from './segment-header.ts';

export interface JournalOptions {
  /** A segment that would grow beyond this is sealed and a new one begun. Default 64 MiB. */
  readonly segmentBytes?: number;
  /** Records written by one call and made durable by one sync. Default 1 MiB. */
  readonly groupBytesMax?: number;
  /** Larger bodies are refused. Default 16 MiB. */
  readonly bodyBytesMax?: number;
  /** When this much waits to be written, appends are refused as busy. Default 64 MiB. */
  readonly queueBytesMax?: number;
  /**
   * What the device may damage when a write is cut short: a power of two from 512 to 65536. Two groups
   * never share one. Default 4096. May differ from the value that older segments were written with.
   */
  readonly sectorBytes?: number;
  /** Bytes that recovery and readers ask for at a time. Default 256 KiB. */
  readonly readChunkBytes?: number;
  /**
   * After this long without an append a watermark record proves the last group to a later recovery; see
   * the README. 0 switches it off; `close` writes one in any case. Default 1000.
   */
  readonly idleWatermarkMs?: number;
}

export type ResolvedOptions = Required<JournalOptions>;

const mebibyte = 1 << 20;

/** Fills in the defaults. Throws `WalOptionsError` on values that make no sense. */
export function resolveOptions(options: JournalOptions): ResolvedOptions {
  const resolved: ResolvedOptions = {
    segmentBytes: options.segmentBytes ?? 64 * mebibyte,
    groupBytesMax: options.groupBytesMax ?? mebibyte,
    bodyBytesMax: options.bodyBytesMax ?? 16 * mebibyte,
    queueBytesMax: options.queueBytesMax ?? 64 * mebibyte,
    sectorBytes: options.sectorBytes ?? 4096,
    readChunkBytes: options.readChunkBytes ?? 256 * 1024,
    idleWatermarkMs: options.idleWatermarkMs ?? 1000,
  };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new WalOptionsError(name, 'an integer from 0 on', value);
  }
  const { sectorBytes, bodyBytesMax } = resolved;
  if (!isSectorSize(sectorBytes)) {
    throw new WalOptionsError('sectorBytes', 'a power of two from 512 to 65536', sectorBytes);
  }
  if (bodyBytesMax > bodyBytesLimit) {
    throw new WalOptionsError('bodyBytesMax', `at most ${bodyBytesLimit}`, bodyBytesMax);
  }
  for (const name of ['readChunkBytes', 'queueBytesMax'] as const) {
    if (resolved[name] === 0) throw new WalOptionsError(name, 'at least 1', 0);
  }
  return resolved;
}
