import { toHex } from '../../crypto/index.ts';
import type { DatabasePicture, LogPicture } from '../../engine/verify/index.ts';

/** What programs are told of a database. */
export function jsonOf({ log, store, cursor }: DatabasePicture): object {
  const { manifest, runs } = store;
  return {
    log: jsonOfLog(log),
    store: {
      manifest:
        manifest === undefined
          ? null
          : { number: manifest.number, storeId: toHex(manifest.storeId), logOffset: manifest.logOffset },
      runs: runs.map(({ descriptor: { id, nonce, size }, summary }) => ({
        id,
        nonce: toHex(nonce),
        bytes: size,
        entries: summary?.entries ?? null,
        tombstones: summary?.tombstones ?? null,
        blocks: summary?.blocks ?? null,
      })),
      log: jsonOfLog(store.log),
    },
    cursor: cursor ?? null,
  };
}

function jsonOfLog({ segments, judgement }: LogPicture): object {
  return {
    end: judgement?.end.offset ?? null,
    dataEnd: judgement?.dataEnd ?? null,
    isTorn: judgement?.isTorn ?? null,
    segments: segments.map((picture) => {
      const { part, segment } = picture;
      const file = { name: segment.name, part, bytes: segment.fileBytes };
      if (picture.part === 'headerless') return file;
      const { header } = picture.segment;
      const { end, records, dataRecords, provenThrough, isSealed, gaps } = picture.content;
      return {
        ...file,
        base: header.base,
        end: end.offset,
        baseLsn: header.baseLsn,
        records,
        dataRecords,
        durableThrough: provenThrough,
        isSealed,
        gaps,
      };
    }),
  };
}
