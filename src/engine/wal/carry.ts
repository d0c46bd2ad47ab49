import { alignUp } from './bytes.ts';
import { WalChangedError } from './errors.ts';
import { type DecodedRecord, encodeRecord, recordHeadBytes } from './record.ts';
import { type ChainPoint, chainStart, type SegmentWalk } from './segment-walk.ts';
import type { SegmentWriter } from './segment-writer.ts';

/** Bytes of the watermark that fills a carried tail up to a sector; 0 if none is needed. */
export function paddingAfter(carriedBytes: number, sectorBytes: number): number {
  const missing = alignUp(carriedBytes, sectorBytes) - carriedBytes;
  return missing === 0 || missing >= recordHeadBytes ? missing : missing + sectorBytes;
}

/**
 * Copies the records of `walk` that end at or before `until` to the beginning of a new segment, and adds
 * a watermark if its header tells it to carry more than that. Bodies, numbers, offsets and sizes stay
 * the same; nonce and chain are the new segment's. Returns where that segment goes on. Rejects with
 * `WalChangedError` when they are not what they were when the log was judged.
 */
export async function carryRecords(
  walk: SegmentWalk,
  until: number,
  writer: SegmentWriter,
): Promise<ChainPoint> {
  const { header } = writer;
  let point = chainStart(header);
  while (walk.offset < until) {
    const records = await walk.batch(until);
    if (walk.fault !== undefined) {
      throw new WalChangedError(walk.path, walk.offset, walk.fault);
    }
    point = await append(writer, point, records);
  }
  if (header.carriedThrough === until) return point;
  const padding = {
    ...point,
    kind: 'watermark',
    endOffset: header.carriedThrough,
    body: new Uint8Array(0),
  } as const;
  return append(writer, point, [padding]);
}

type Carried = Pick<DecodedRecord, 'kind' | 'lsn' | 'offset' | 'endOffset' | 'body'>;

async function append(
  writer: SegmentWriter,
  from: ChainPoint,
  records: readonly Carried[],
): Promise<ChainPoint> {
  const { nonce, base } = writer.header;
  const end = records.at(-1)?.endOffset ?? from.offset;
  const bytes = new Uint8Array(end - from.offset);
  const view = new DataView(bytes.buffer);
  let point = from;
  for (const { kind, lsn, offset, endOffset, body } of records) {
    const hash = encodeRecord(bytes, view, offset - from.offset, endOffset - offset, {
      // A seal ends a segment and this one goes on: what is kept of it is its place in the log.
      kind: kind === 'seal' ? 'watermark' : kind,
      carried: true,
      nonce,
      lsn,
      offset,
      durableThrough: base,
      previousHash: point.hash,
      body,
    });
    point = { offset: endOffset, lsn: lsn + 1, hash };
  }
  await writer.append(bytes, bytes.length);
  return point;
}
