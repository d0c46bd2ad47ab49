import { equalBytes } from './bytes.ts';
import { EntryList, entrySize, writeEntry } from './entry-codec.ts';
import { storeIdBytes } from './manifest.ts';
import type { MemtableView } from './memtable.ts';
import { formatVersion } from './run-format.ts';

/**
 * One record of the log, the net effect of one group of batches:
 *
 *      0  id of the store    8 bytes
 *      8  version            u32
 *     12  entries            u32
 *     16  the entries in ascending order of their keys, see `entry-codec.ts`
 *
 * Only values and tombstones: increments and swaps were resolved before. Replaying a record twice, or
 * from any earlier point of the log, therefore ends in the same state, and nothing is counted twice.
 */
export const logRecordHeaderBytes = 16;

export function encodeLogRecord(storeId: Uint8Array, changes: MemtableView): Uint8Array<ArrayBuffer> {
  let length = logRecordHeaderBytes;
  for (const [key, value] of changes) length += entrySize(key, value);
  const record = new Uint8Array(length);
  const view = new DataView(record.buffer);
  record.set(storeId);
  view.setUint32(8, formatVersion, true);
  view.setUint32(12, changes.entries, true);
  let at = logRecordHeaderBytes;
  for (const [key, value] of changes) at = writeEntry(record, view, at, key, value);
  return record;
}

/** The entries, or the reason why `record` is none of this store's. */
export function decodeLogRecord(record: Uint8Array, storeId: Uint8Array): EntryList | string {
  if (record.length < logRecordHeaderBytes) return 'the record is too short';
  if (!equalBytes(record.subarray(0, storeIdBytes), storeId)) return 'the record belongs to another store';
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const version = view.getUint32(8, true);
  if (version !== formatVersion) return `the version is ${version}, expected ${formatVersion}`;
  const entries = EntryList.parse(record, logRecordHeaderBytes, view.getUint32(12, true));
  return entries ?? 'the entries of the record do not fill it';
}
