import { examineDatabase, type Finding } from '../../engine/verify/index.ts';
import { DirectoryLock, hostPorts } from '../../host/index.ts';
import { styleFor } from '../../report/index.ts';
import type { InspectArguments } from './commands.ts';
import { existingDatabase } from './data-directory.ts';
import { Output } from './output.ts';
import { jsonOf } from './picture-json.ts';
import { findingLine, layoutLines } from './picture-text.ts';
import { recordLines } from './record-lines.ts';

/** Shows what a database consists of. Returns the exit code. */
export async function inspect(args: InspectArguments): Promise<number> {
  const directory = await existingDatabase(args.data);
  const ports = hostPorts();
  const findings: Finding[] = [];
  const picture = await examineDatabase(ports, { directory, depth: 'structure' }, (finding) => {
    findings.push(finding);
  });
  const holder = DirectoryLock.holderOf(directory);
  const output = new Output(process.stdout);
  if (args.json) {
    const database = { type: 'database', directory, holder: holder ?? null, ...jsonOf(picture), findings };
    await output.write(`${JSON.stringify(database)}\n`);
  } else {
    const style = styleFor(process.stdout, process.env);
    const use =
      holder === undefined ? 'not in use' : `in use by ${holder}: what is being written may look torn`;
    const lines = [`${style('bold', directory)}   ${use}`, '', ...layoutLines(picture, style)];
    if (findings.length > 0) lines.push('', style('bold', 'Findings'));
    for (const finding of findings) lines.push(`  ${findingLine(finding, directory, style)}`);
    await output.write(`${lines.join('\n')}\n`);
  }
  if (args.records) {
    for await (const line of recordLines(ports.fs, picture.log, args.json)) {
      if (output.isClosed) break;
      await output.write(`${line}\n`);
    }
  }
  if (output.failure !== undefined) throw output.failure;
  return 0;
}
