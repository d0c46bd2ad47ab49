import { toHex } from '../../crypto/index.ts';
import {
  assertionHash,
  decodeRecord,
  StemeError,
  voteHash,
  weightFromMillionths,
} from '../../engine/index.ts';
import { type LogPicture, chainRecordsOf } from '../../engine/verify/index.ts';
import type { FileSystem } from '../../ports/index.ts';
import { named } from './text.ts';

/** Each record of the log's chain, a line each. */
export async function* recordLines(fs: FileSystem, log: LogPicture, asJson: boolean): AsyncGenerator<string> {
  if (!asJson) yield `\n${row('OFFSET', 'LSN', 'BYTES', 'KIND', 'WHAT')}`;
  for await (const { segment, position, record } of chainRecordsOf(fs, log)) {
    const { kind, carried, lsn, offset, endOffset, durableThrough, body } = record;
    const content = kind === 'data' ? contentOf(body) : undefined;
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
      yield JSON.stringify({ ...place, bytes, durableThrough, ...content?.json });
    } else {
      const what = kind === 'data' ? (content?.text ?? 'neither a claim nor a vote') : '';
      yield row(String(offset), String(lsn), String(bytes), carried ? `${kind} (carried)` : kind, what);
    }
  }
}

/** What a record says, for programs and for people. */
interface Content {
  readonly json: object;
  readonly text: string;
}

function contentOf(body: Uint8Array): Content | undefined {
  try {
    const record = decodeRecord(body);
    if (record.kind === 'assertion') {
      const { subject, predicate } = record.assertion;
      const hash = toHex(assertionHash(record.assertion));
      return {
        json: { content: 'assertion', hash, subject, predicate },
        text: `${hash.slice(0, 16)}  ${named(subject)} ${named(predicate)}`,
      };
    }
    const hash = toHex(voteHash(record.vote));
    const weight = weightFromMillionths(record.vote.weightMillionths);
    const claim = toHex(record.vote.assertionHash);
    return {
      json: { content: 'vote', hash, assertionHash: claim, weight },
      text: `${hash.slice(0, 16)}  vote of ${weight} on ${claim.slice(0, 16)}`,
    };
  } catch (error) {
    if (error instanceof StemeError) return undefined;
    throw error;
  }
}

/** Records may be millions: the columns have fixed widths, so that none has to be kept. */
function row(offset: string, lsn: string, bytes: string, kind: string, what: string): string {
  return `  ${offset.padStart(12)}  ${lsn.padStart(9)}  ${bytes.padStart(7)}  ${kind.padEnd(16)}  ${what}`.trimEnd();
}
