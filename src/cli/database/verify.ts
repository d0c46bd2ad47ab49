import path from 'node:path';
import type { CommandModule } from 'yargs';
import type { DatabasePicture, Finding, LogPicture } from '../../engine/verify/index.ts';
import { dataOption, existingDatabase, withReadLock } from './data-directory.ts';
import { counted, tableLines } from './text.ts';

interface VerifyArguments {
  readonly data: string;
}

const exitCodes = { sound: 0, damaged: 1 } as const;

export function verifyCommand(exit: (code: number) => void): CommandModule<object, VerifyArguments> {
  return {
    command: 'verify',
    describe: 'Check every byte and every signature; changes nothing',
    builder: (cli) =>
      cli
        .options(dataOption)
        .epilogue(
          'Lists all damage with file and position, and ends with 1 if there is any. What a crash or a closing has ' +
            'left, and the next opening removes, is listed as well.',
        ),
    handler: async (args) => exit(await verify(args)),
  };
}

async function verify(args: VerifyArguments): Promise<number> {
  const directory = await existingDatabase(args.data);
  const { hostPorts } = await import('../../host/index.ts');
  const { examineDatabase } = await import('../../engine/verify/index.ts');
  const { styleFor } = await import('../../report/index.ts');
  const style = styleFor(process.stdout, process.env);
  const show = (line: string): void => void process.stdout.write(`${line}\n`);
  let damages = 0;
  const onFinding = (finding: Finding): void => {
    const isDamage = finding.severity === 'damage';
    if (isDamage) damages += 1;
    const line = describeFinding(finding, directory);
    show(isDamage ? ` ${style('red', '✗')} ${line}` : style('dim', ` · ${line}; no damage`));
  };
  const picture = await withReadLock(directory, () =>
    examineDatabase(hostPorts(), { directory, depth: 'claims' }, onFinding),
  );
  for (const line of pictureLines(picture)) show(` ${line}`);
  show(
    damages === 0
      ? ` ${style('green', '✓')} sound`
      : ` ${style('red', `✗ ${counted(damages, 'damage')}`)}: copy the directory before anything else, then restore it from a backup or a replica`,
  );
  return damages === 0 ? exitCodes.sound : exitCodes.damaged;
}

/** `wal/000000000001-67b34ad6ec2c2c03.seg at byte 4,096: a wrong checksum` */
export function describeFinding({ path: file, offset, reason }: Finding, directory: string): string {
  const name = path.relative(directory, file) || '.';
  return `${name}${offset === undefined ? '' : ` at byte ${offset}`}: ${reason}`;
}

function pictureLines({ log, store, claims, cursor }: DatabasePicture): string[] {
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
        'ingest',
        `up to offset ${cursor}; ${counted(claims.waiting, 'claim')} waiting, ${counted(claims.quarantined, 'record')} in quarantine`,
      ],
    );
  }
  return tableLines(rows);
}

/** Over all segments whose header can be read. */
export function totalOf({ segments }: LogPicture, count: 'records' | 'dataRecords'): number {
  return segments.reduce(
    (sum, picture) => sum + (picture.part === 'headerless' ? 0 : picture.content[count]),
    0,
  );
}
