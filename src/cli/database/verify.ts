import { examineDatabase } from '../../engine/verify/index.ts';
import { hostPorts } from '../../host/index.ts';
import { styleFor } from '../../report/index.ts';
import type { VerifyArguments } from './commands.ts';
import { existingDatabase, withReadLock } from './data-directory.ts';
import { Output } from './output.ts';
import { checkedLines, findingLine } from './picture-text.ts';
import { counted } from './text.ts';

const exitCodes = { sound: 0, damaged: 1 } as const;

/** Checks a database and shows what is wrong with it, as it is found. Returns the exit code. */
export async function verify(args: VerifyArguments): Promise<number> {
  const directory = await existingDatabase(args.data);
  const style = styleFor(process.stdout, process.env);
  const output = new Output(process.stdout);
  let damages = 0;
  const picture = await withReadLock(directory, () =>
    examineDatabase(hostPorts(), { directory, depth: 'claims' }, (finding) => {
      if (finding.severity === 'damage') damages += 1;
      void output.write(` ${findingLine(finding, directory, style)}\n`);
    }),
  );
  const verdict =
    damages === 0
      ? style('green', '✓ sound')
      : `${style('red', `✗ ${counted(damages, 'damage')}`)}: copy the directory before anything else, then restore ` +
        'it from a backup or a replica';
  await output.write([...checkedLines(picture), verdict].map((line) => ` ${line}\n`).join(''));
  if (output.failure !== undefined) throw output.failure;
  return damages === 0 ? exitCodes.sound : exitCodes.damaged;
}
