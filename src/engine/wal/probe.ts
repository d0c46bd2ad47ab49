import { alignUp } from './bytes.ts';
import type { FileWindow } from './file-window.ts';
import { loadFrame } from './frame.ts';
import { type DecodedRecord, decodeRecord } from './record.ts';

/** A record that was found where no chain leads. */
export interface ProbedRecord {
  readonly position: number;
  readonly record: DecodedRecord;
}

/**
 * Every intact record of the segment with this nonce that can be found from `position` on: one that
 * begins a sector, or follows another that was found. They may lie behind damage, and say nothing about
 * what lies before them but through their `durableThrough`.
 */
export async function* probeRecords(
  window: FileWindow,
  nonce: Uint8Array,
  sectorBytes: number,
  position: number,
  fileBytes: number,
): AsyncGenerator<ProbedRecord, void> {
  let at = position;
  while (at < fileBytes) {
    const frame = await loadFrame(window, at, fileBytes);
    const record = typeof frame === 'string' ? frame : decodeRecord(frame, nonce);
    if (typeof frame === 'string' || typeof record === 'string') {
      at = alignUp(at + 1, sectorBytes);
    } else {
      yield { position: at, record };
      at += frame.length;
    }
  }
}
