import type { FileWindow } from './file-window.ts';
import { measureRecord, recordHeadBytes, type RecordFault } from './record.ts';

/**
 * The bytes of the record at `position` that ends at or before `limit`, if they are in memory
 * (`undefined` if not), and if the head of the record is sound.
 */
export function peekFrame(
  window: FileWindow,
  position: number,
  limit: number,
): Uint8Array | RecordFault | undefined {
  const bytes = window.peek(position);
  if (bytes.length < recordHeadBytes) return undefined;
  const total = measureRecord(bytes, limit - position);
  if (typeof total === 'string') return total;
  return bytes.length < total ? undefined : bytes.subarray(0, total);
}

/**
 * As `peekFrame`, reading what is not in memory. Nothing is allocated for a record before its head has
 * proved sound. Rejects with `WalIoError`.
 */
export async function loadFrame(
  window: FileWindow,
  position: number,
  limit: number,
): Promise<Uint8Array | RecordFault> {
  if (limit - position < recordHeadBytes) return 'the end of the file in the middle of a record';
  const head = await window.load(position, recordHeadBytes, limit);
  if (head.length < recordHeadBytes) return 'the end of the file in the middle of a record';
  const total = measureRecord(head, limit - position);
  if (typeof total === 'string') return total;
  const bytes = await window.load(position, total, limit);
  return bytes.length < total ? 'the end of the file in the middle of a record' : bytes.subarray(0, total);
}
