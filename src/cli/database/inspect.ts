import type { CommandModule } from 'yargs';
import { toHex } from '../../crypto/index.ts';
import type {
  DatabasePicture,
  Finding,
  LogPicture,
  SegmentPicture,
  StorePicture,
} from '../../engine/verify/index.ts';
import { grouped } from '../../report/index.ts';
import { dataOption, existingDatabase } from './data-directory.ts';
import { Output } from './output.ts';
import { counted, tableLines } from './text.ts';
import { describeFinding, totalOf } from './verify.ts';

interface InspectArguments {
  readonly data: string;
  readonly records: boolean;
  readonly json: boolean;
}

export function inspectCommand(exit: (code: number) => void): CommandModule<object, InspectArguments> {
  return {
    command: 'inspect',
    describe: 'Show what files hold what; reads only, also while the database is in use or damaged',
    builder: (cli) =>
      cli.options({
        ...dataOption,
        records: { type: 'boolean', default: false, describe: 'also each record of the log' },
        json: { type: 'boolean', default: false, describe: 'for programs: a line each' },
      }),
    handler: async (args) => exit(await inspect(args)),
  };
}

async function inspect(args: InspectArguments): Promise<number> {
  const directory = await existingDatabase(args.data);
  const { DirectoryLock, hostPorts } = await import('../../host/index.ts');
  const { examineDatabase } = await import('../../engine/verify/index.ts');
  const { styleFor } = await import('../../report/index.ts');
  const ports = hostPorts();
  const findings: Finding[] = [];
  const picture = await examineDatabase(ports, { directory, depth: 'structure' }, (finding) => {
    findings.push(finding);
  });
  const holder = DirectoryLock.holderOf(directory);
  const output = new Output(process.stdout);
  if (args.json) {
    await output.write(
      `${JSON.stringify({ type: 'database', directory, holder: holder ?? null, ...jsonOf(picture), findings })}\n`,
    );
  } else {
    const style = styleFor(process.stdout, process.env);
    const { bold, dim, red } = { bold: 'bold', dim: 'dim', red: 'red' } as const;
    const lines = [
      `${style(bold, directory)}   ${holder === undefined ? 'not in use' : `in use by ${holder}: what is being written may look torn`}`,
      '',
      `${style(bold, 'Log of claims')}   wal/`,
      ...logLines(picture.log),
      '',
      `${style(bold, 'Store')}   kv/`,
      ...storeLines(picture.store),
      '',
      `${style(bold, 'Ingest')}`,
      `  ${ingestLine(picture)}`,
    ];
    if (findings.length > 0) lines.push('', style(bold, 'Findings'));
    for (const finding of findings) {
      const line = describeFinding(finding, directory);
      lines.push(
        finding.severity === 'damage' ? style(red, `  ✗ ${line}`) : style(dim, `  · ${line}; no damage`),
      );
    }
    await output.write(`${lines.join('\n')}\n`);
  }
  if (args.records) {
    const { recordLines } = await import('./record-lines.ts');
    for await (const line of recordLines(ports.fs, picture.log, args.json)) {
      if (output.isClosed) break;
      await output.write(`${line}\n`);
    }
  }
  if (output.failure !== undefined) throw output.failure;
  return 0;
}

function logLines({ segments, judgement }: LogPicture): string[] {
  if (segments.length === 0) return ['  no segment yet'];
  const head = ['SEGMENT', 'PART', 'BYTES', 'OFFSETS', 'LSN', 'RECORDS', 'CLAIMS', 'DURABLE THROUGH', ''];
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

function jsonOf({ log, store, cursor }: DatabasePicture): object {
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
        claims: dataRecords,
        durableThrough: provenThrough,
        isSealed,
        gaps,
      };
    }),
  };
}
