import type { JournalDirectory } from './directory.ts';
import { WalCorruptError } from './errors.ts';
import { FileWindow } from './file-window.ts';
import { sizeOf, withFile } from './files.ts';
import { readHeader, type SegmentHeader } from './segment-header.ts';
import { isSameSegment, parseSegmentName, type SegmentIdentity } from './segment-name.ts';

/** A file with the name of a segment. */
export interface SegmentFile extends SegmentIdentity {
  readonly name: string;
  readonly path: string;
  readonly fileBytes: number;
}

export interface HeadedSegment extends SegmentFile {
  readonly header: SegmentHeader;
  /** One of the two copies of the header is damaged. */
  readonly copyLost: boolean;
}

/** What a directory holds, before anything is judged. */
export interface Survey {
  /** In the order of their ids, which is the order in which they were made. */
  readonly headed: readonly HeadedSegment[];
  /** Segments of which neither header is intact. */
  readonly headerless: readonly SegmentFile[];
  /** 0 when there is no segment. */
  readonly idMax: number;
}

/** Names have twelve digits. A segment above this was not made by a log: its successors would soon have none. */
const idBelievable = 999_999_000_000;

/** Reads the headers of all segments; foreign names are none of ours. Changes nothing. */
export async function surveySegments(directory: JournalDirectory): Promise<Survey> {
  const headed: HeadedSegment[] = [];
  const headerless: SegmentFile[] = [];
  let idMax = 0;
  // Names sort as their ids do.
  for (const name of await directory.list()) {
    const identity = parseSegmentName(name);
    if (identity === undefined) continue;
    idMax = identity.id;
    const path = directory.pathOf(name);
    const found = await withFile(directory.fs, path, async (handle) => {
      const fileBytes = await sizeOf(handle, path);
      return { fileBytes, ...(await readHeader(new FileWindow(handle, path, 0), identity)) };
    });
    const { fileBytes, header, copyLost = false } = found;
    const file = { ...identity, name, path, fileBytes };
    if (header === undefined) headerless.push(file);
    else headed.push({ ...file, header, copyLost });
  }
  if (idMax > idBelievable) {
    throw new WalCorruptError(
      directory.path,
      undefined,
      `a segment has the number ${idMax}, which no log reaches`,
    );
  }
  return { headed, headerless, idMax };
}

/** The segments of a survey by the part they play. */
export interface Layout {
  /** The log, oldest first: each is the predecessor of the next. */
  readonly chain: readonly HeadedSegment[];
  /** Not in the chain, and all they held is in it. Removed by an earlier recovery, and back. */
  readonly superseded: readonly HeadedSegment[];
  /** Older than the chain. Removed by an earlier cleanup, and back; or what lay between is missing. */
  readonly disconnected: readonly SegmentFile[];
}

/**
 * Follows the predecessors from the newest segment back to where the log begins, which is where a
 * predecessor is no longer there. Throws `WalCorruptError` when one is there and unusable.
 */
export function layOut(survey: Pick<Survey, 'headed' | 'headerless'>): Layout {
  const chain: HeadedSegment[] = [];
  let segment = survey.headed.at(-1);
  while (segment !== undefined) {
    chain.unshift(segment);
    const { predecessor, base } = segment.header;
    if (predecessor === undefined) break;
    const lost = survey.headerless.find((file) => isSameSegment(file, predecessor));
    if (lost !== undefined) {
      throw new WalCorruptError(lost.path, undefined, 'neither copy of the header is intact');
    }
    segment = survey.headed.find((other) => isSameSegment(other, predecessor));
    if (segment !== undefined && segment.header.base >= base) {
      throw new WalCorruptError(segment.path, base, 'the segment begins after the one that follows it');
    }
  }
  const start = chain[0]?.header.base ?? 0;
  const others = survey.headed.filter((other) => !chain.includes(other));
  return {
    chain,
    superseded: others.filter(({ header }) => header.base >= start),
    disconnected: others.filter(({ header }) => header.base < start),
  };
}
