import type { FileSystem } from '../../ports/index.ts';
import { JournalDirectory } from './directory.ts';
import { type HeadedSegment, layOut, type SegmentFile, surveySegments } from './survey.ts';

/** A segment file and the part it plays. */
export type InspectedSegment =
  | { readonly part: 'chain' | 'superseded' | 'disconnected'; readonly segment: HeadedSegment }
  | { readonly part: 'headerless'; readonly segment: SegmentFile };

/**
 * What files a log consists of, oldest first, without opening it: nothing is changed, and nothing judged
 * but the headers; `findInSegment` shows what is inside. Rejects with `WalCorruptError` when the headers
 * contradict each other, `WalVersionError`, `WalIoError`.
 */
export async function inspectSegments(fs: FileSystem, directory: string): Promise<InspectedSegment[]> {
  const { headed, headerless } = await surveySegments(new JournalDirectory(fs, directory));
  const { chain, superseded } = layOut({ headed, headerless });
  const inspected: InspectedSegment[] = [];
  for (const segment of headed) {
    if (chain.includes(segment)) inspected.push({ part: 'chain', segment });
    else inspected.push({ part: superseded.includes(segment) ? 'superseded' : 'disconnected', segment });
  }
  for (const segment of headerless) inspected.push({ part: 'headerless', segment });
  return inspected.toSorted((one, other) => one.segment.id - other.segment.id);
}
