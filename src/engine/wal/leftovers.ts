import type { Telemetry } from '../../ports/index.ts';
import type { JournalDirectory } from './directory.ts';
import { WalCorruptError } from './errors.ts';
import { FileWindow } from './file-window.ts';
import { withFile } from './files.ts';
import { probeRecords } from './probe.ts';
import { sectorBytesMin } from './segment-header.ts';
import type { SegmentFile, Survey } from './survey.ts';

/** Segments without a header that are no part of the log. */
export interface Headerless {
  /** Never served: whoever made them did not get as far as the header. */
  readonly abandoned: readonly SegmentFile[];
  /** Once served, removed by a cleanup, and back. */
  readonly disconnected: readonly SegmentFile[];
}

/**
 * Tells segments that were never part of the log from those that have lost their header, by the records
 * they hold: a header is durable before the first record is appended, and a carried tail stays in its
 * old segment until the header over its copy is durable. Throws `WalCorruptError` when a header that
 * the log needs is gone.
 */
export async function judgeHeaderless(
  directory: JournalDirectory,
  { headed, headerless }: Survey,
  readChunkBytes: number,
): Promise<Headerless> {
  const abandoned: SegmentFile[] = [];
  const disconnected: SegmentFile[] = [];
  const newestId = headed.at(-1)?.id;
  for (const file of headerless) {
    const held = await recordsHeld(directory, file, readChunkBytes);
    const isOlder = newestId !== undefined && file.id < newestId;
    if (isOlder && held === 'appended') {
      disconnected.push(file);
    } else if (held === 'appended' || (held === 'carried' && newestId === undefined)) {
      throw new WalCorruptError(
        file.path,
        undefined,
        'it holds records, but neither copy of the header is intact',
      );
    } else {
      abandoned.push(file);
    }
  }
  return { abandoned, disconnected };
}

async function recordsHeld(
  { fs }: JournalDirectory,
  { path, fileBytes, nonce }: SegmentFile,
  readChunkBytes: number,
): Promise<'none' | 'carried' | 'appended'> {
  return withFile(fs, path, async (handle) => {
    let held: 'none' | 'carried' = 'none';
    const window = new FileWindow(handle, path, readChunkBytes);
    for await (const { record } of probeRecords(window, nonce, sectorBytesMin, 0, fileBytes)) {
      if (!record.carried) return 'appended';
      held = 'carried';
    }
    return held;
  });
}

/**
 * Removes files that the log does not need. There is no sync, and a failure is no more than logged:
 * should a file stay or be brought back by a power loss, the next recovery sees what it is.
 */
export async function disposeOf(
  directory: JournalDirectory,
  files: readonly SegmentFile[],
  telemetry: Telemetry,
  marker: string,
): Promise<void> {
  for (const { name } of files) {
    try {
      await directory.remove(name);
      telemetry.reached(marker);
    } catch (error) {
      telemetry.log('warn', 'wal.removal-failed', { name, error: String(error) });
    }
  }
}
