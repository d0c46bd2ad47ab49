import { compareBytes, endOfPrefix, keyAfter } from './bytes.ts';
import type { ScanOptions } from './key-value-store.ts';

/** The keys from `from`, inclusive, to `to`, exclusive; `undefined` is the end of the world. */
export interface KeyRange {
  readonly from?: Uint8Array | undefined;
  readonly to?: Uint8Array | undefined;
}

/** All bounds of a scan at once: of several lower or upper ones the narrowest counts. */
export function rangeOf({ prefix, from, to, after }: ScanOptions): KeyRange {
  const lower = [prefix, from, after && keyAfter(after)].filter((key) => key !== undefined);
  const upper = [to, prefix && endOfPrefix(prefix)].filter((key) => key !== undefined);
  return { from: lower.sort(compareBytes).at(-1), to: upper.sort(compareBytes).at(0) };
}
