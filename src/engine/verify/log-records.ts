import type { FileSystem } from '../../ports/index.ts';
import { findInSegment } from '../wal/findings.ts';
import type { Judgement } from '../wal/judgement.ts';
import type { DecodedRecord } from '../wal/record.ts';
import type { HeadedSegment } from '../wal/survey.ts';
import type { LogPicture } from './examine-log.ts';
import { readChunkBytes } from './examine-segment.ts';

/** A record of the chain, and where it is. */
export interface PlacedRecord {
  readonly segment: HeadedSegment;
  /** In the file. */
  readonly position: number;
  readonly record: DecodedRecord;
}

/** The data records of a log that recovery would accept, from the one at or after `fromOffset` on. */
export async function* recordsOf(
  fs: FileSystem,
  { chain, end }: Judgement,
  fromOffset: number,
): AsyncGenerator<DecodedRecord> {
  for (const [index, segment] of chain.entries()) {
    const until = chain[index + 1]?.header.base ?? end.offset;
    if (until <= fromOffset) continue;
    for await (const finding of findInSegment(fs, segment, readChunkBytes, until)) {
      if (finding.type !== 'record') return;
      const { record } = finding;
      if (record.kind === 'data' && record.offset >= fromOffset) yield record;
    }
  }
}

/** Every record of a log, sound or not, as far as each of its segments can be followed. */
export async function* chainRecordsOf(
  fs: FileSystem,
  { segments }: LogPicture,
): AsyncGenerator<PlacedRecord> {
  const chain = segments.flatMap(({ part, segment }) => (part === 'chain' ? [segment] : []));
  for (const [index, segment] of chain.entries()) {
    for await (const finding of findInSegment(fs, segment, readChunkBytes, chain[index + 1]?.header.base)) {
      if (finding.type !== 'record') break;
      yield { segment, position: finding.position, record: finding.record };
    }
  }
}
