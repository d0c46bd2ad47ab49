import path from 'node:path';
import { toHex } from '../../crypto/index.ts';
import type {
  DatabasePicture,
  Finding,
  LogPicture,
  SegmentPicture,
  StorePicture,
} from '../../engine/verify/index.ts';
import { grouped, type Style } from '../../report/index.ts';
import { counted, tableLines } from './text.ts';

/** What files a database consists of and what is in them, for people. */
export function layoutLines(picture: DatabasePicture, style: Style): string[] {
  return [
    `${style('bold', 'Log of claims')}   wal/`,
    ...logLines(picture.log),
    '',
    `${style('bold', 'Store')}   kv/`,
    ...storeLines(picture.store),
    '',
    style('bold', 'Ingest'),
    `  ${ingestLine(picture)}`,
  ];
}

/** What was checked, for people. */
export function checkedLines({ log, store, claims, cursor }: DatabasePicture): string[] {
  const records = totalOf(log, 'records');
  const entries = store.runs.reduce((sum, { summary }) => sum + (summary?.entries ?? 0), 0);
  const rows = [
    ['log', `${counted(log.segments.length, 'segment')}, ${counted(records, 'record')}`],
    [
      'store',
      `${counted(store.runs.length, 'run')} of ${counted(entries, 'entry', 'entries')}, ${counted(store.log.segments.length, 'segment')} of log`,
    ],
  ];
  if (claims === undefined) {
    rows.push(['claims', 'not checked, because of the damage']);
  } else {
    rows.push(
      [
        'claims',
        `${counted(claims.claims, 'claim')}, ${counted(claims.signatures, 'signature')}, ${counted(claims.indexEntries, 'index entry', 'index entries')}`,
      ],
      [
        'votes',
        `${counted(claims.votes, 'vote')}; ${counted(claims.views, 'view')}, ${counted(claims.audits, 'audit of a query', 'audits of queries')}`,
      ],
      [
        'ingest',
        `up to offset ${cursor}; ${counted(claims.waiting, 'record')} waiting, ${counted(claims.quarantined, 'record')} in quarantine`,
      ],
    );
  }
  return tableLines(rows);
}

/** A finding, marked as damage or as none. */
export function findingLine(finding: Finding, directory: string, style: Style): string {
  const line = describeFinding(finding, directory);
  return finding.severity === 'damage'
    ? `${style('red', '✗')} ${line}`
    : style('dim', `· ${line}; no damage`);
}

/** `wal/000000000001-67b34ad6ec2c2c03.seg at byte 4,096: a wrong checksum` */
function describeFinding({ path: file, offset, reason }: Finding, directory: string): string {
  const name = path.relative(directory, file) || '.';
  return `${name}${offset === undefined ? '' : ` at byte ${offset}`}: ${reason}`;
}

function logLines({ segments, judgement }: LogPicture): string[] {
  if (segments.length === 0) return ['  no segment yet'];
  const head = ['SEGMENT', 'PART', 'BYTES', 'OFFSETS', 'LSN', 'RECORDS', 'DATA', 'DURABLE THROUGH', ''];
  const lines = tableLines([head, ...segments.map(segmentRow)], new Set([2, 5, 6, 7]));
  lines.push(
    judgement === undefined
      ? 'the next opening refuses this log'
      : `the next opening finds records up to offset ${judgement.end.offset}${judgement.isTorn ? ', and leaves out what is torn behind that' : ''}`,
  );
  return lines.map((line) => `  ${line}`);
}

function segmentRow(picture: SegmentPicture): string[] {
  const { part, segment } = picture;
  const names = [segment.name, part, grouped(segment.fileBytes)];
  if (picture.part === 'headerless') return names;
  const { base, baseLsn } = picture.segment.header;
  const { end, provenThrough, records, dataRecords, isSealed, gaps } = picture.content;
  return [
    ...names,
    `${base} to ${end.offset}`,
    records === 0 ? '' : `${baseLsn} to ${end.lsn - 1}`,
    grouped(records),
    grouped(dataRecords),
    String(provenThrough),
    isSealed ? 'sealed' : gaps.length > 0 ? 'torn or damaged' : '',
  ];
}

function storeLines({ manifest, runs, log }: Omit<StorePicture, 'content'>): string[] {
  if (manifest === undefined) return ['  no manifest'];
  const lines = [`  manifest ${manifest.number}, store ${toHex(manifest.storeId)}`];
  if (runs.length > 0) {
    const head = ['RUN', 'BYTES', 'BLOCKS', 'ENTRIES', 'TOMBSTONES'];
    const rows = runs.map(({ descriptor, summary }) => [
      `${descriptor.id} ${toHex(descriptor.nonce)}`,
      ...[descriptor.size, summary?.blocks, summary?.entries, summary?.tombstones].map((number) =>
        number === undefined ? '?' : grouped(number),
      ),
    ]);
    lines.push(...tableLines([head, ...rows], new Set([1, 2, 3, 4])).map((line) => `  ${line}`));
  } else {
    lines.push('  no run yet: all is in the log of the store');
  }
  const records = totalOf(log, 'dataRecords');
  lines.push(
    `  kv/log: ${counted(log.segments.length, 'segment')}, ${counted(records, 'batch', 'batches')}, needed from offset ${manifest.logOffset}, ends at ${log.judgement?.end.offset ?? '?'}`,
  );
  return lines;
}

function ingestLine({ log, cursor }: DatabasePicture): string {
  if (cursor === undefined) return 'the cursor cannot be read';
  if (log.judgement === undefined) return `cursor ${cursor}; how far that lags cannot be told`;
  return `cursor ${cursor}, ${counted(Math.max(0, log.judgement.dataEnd - cursor), 'byte')} of the log behind`;
}

/** Over all segments whose header can be read. */
function totalOf({ segments }: LogPicture, count: 'records' | 'dataRecords'): number {
  return segments.reduce(
    (sum, picture) => sum + (picture.part === 'headerless' ? 0 : picture.content[count]),
    0,
  );
}
