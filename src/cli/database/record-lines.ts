import { toHex } from '../../crypto/index.ts';
import { assertionHash, decodeRecord, StemeError } from '../../engine/index.ts';
import { type LogPicture, chainRecordsOf } from '../../engine/verify/index.ts';
import type { FileSystem } from '../../ports/index.ts';
import { named } from './text.ts';

/** Each record of the log's chain, a line each. */
export async function* recordLines(fs: FileSystem, log: LogPicture, asJson: boolean): AsyncGenerator<string> {
  if (!asJson) yield `\n${row('OFFSET', 'LSN', 'BYTES', 'KIND', 'WHAT')}`;
  for await (const { segment, position, record } of chainRecordsOf(fs, log)) {
    const { kind, carried, lsn, offset, endOffset, durableThrough, body } = record;
    const claim = kind === 'data' ? claimIn(body) : undefined;
    const bytes = endOffset - offset;
    if (asJson) {
      const place = {
        type: 'record',
        segment: segment.name,
        position,
        offset,
        endOffset,
        lsn,
        kind,
        carried,
      };
      yield JSON.stringify({ ...place, bytes, durableThrough, ...claim });
    } else {
      const what =
        kind !== 'data'
          ? ''
          : claim === undefined
            ? 'no claim'
            : `${claim.hash.slice(0, 16)}  ${named(claim.subject)} ${named(claim.predicate)}`;
      yield row(String(offset), String(lsn), String(bytes), carried ? `${kind} (carried)` : kind, what);
    }
  }
}

function claimIn(
  body: Uint8Array,
): { readonly hash: string; readonly subject: string; readonly predicate: string } | undefined {
  try {
    const record = decodeRecord(body);
    if (record.kind !== 'assertion') return undefined;
    const { subject, predicate } = record.assertion;
    return { hash: toHex(assertionHash(record.assertion)), subject, predicate };
  } catch (error) {
    if (error instanceof StemeError) return undefined;
    throw error;
  }
}

/** Records may be millions: the columns have fixed widths, so that none has to be kept. */
function row(offset: string, lsn: string, bytes: string, kind: string, what: string): string {
  return `  ${offset.padStart(12)}  ${lsn.padStart(9)}  ${bytes.padStart(7)}  ${kind.padEnd(16)}  ${what}`.trimEnd();
}
