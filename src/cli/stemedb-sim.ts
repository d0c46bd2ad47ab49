import { readFile } from 'node:fs/promises';
import { runCommandLine } from './command-line.ts';
import { wordsFor } from './simulator/completion.ts';
import { diffCommand } from './simulator/diff.ts';
import { doctorCommand } from './simulator/doctor.ts';
import { listCommand } from './simulator/list.ts';
import { keepCommand } from './simulator/keep.ts';
import { minimizeCommand } from './simulator/minimize.ts';
import { mutantsCommand } from './simulator/mutants.ts';
import { regressCommand } from './simulator/regress.ts';
import { replayCommand } from './simulator/replay.ts';
import { reportCommand } from './simulator/report.ts';
import { runCommand } from './simulator/run.ts';

/** The `stemedb-sim` command. Returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  endWhenNobodyReads(process.stdout);
  const { packageRoot } = await import('../explore/package-root.ts');
  const manifest = JSON.parse(await readFile(new URL('package.json', packageRoot), 'utf8')) as {
    version: string;
  };
  return runCommandLine(
    {
      name: 'stemedb-sim',
      summary: 'Runs StemeDB inside a simulated machine, where one seed decides everything that happens.',
      version: manifest.version,
      register: (cli, exit) =>
        cli
          .command(runCommand(exit))
          .command(replayCommand(exit))
          .command(mutantsCommand(exit))
          .command(reportCommand(exit))
          .command(minimizeCommand(exit))
          .command(keepCommand(exit))
          .command(regressCommand(exit))
          .command(diffCommand(exit))
          .command(listCommand(exit))
          .command(doctorCommand(exit)),
      wordsFor,
      examples: [
        ['$0 run --seed 42', 'every arena once, from one seed'],
        ['$0 run spine --runs 10000 --jobs 2', 'many runs of one arena, all its scenarios'],
        ['$0 replay reports/42.json --trace full', 'a failure again, step by step'],
        ['$0 report reports/42.json --output 42.html', 'a failure as a page to read'],
      ],
    },
    args,
  );
}

/** `| head` has seen enough: what is left to print is not missed, and the run need not go on. */
function endWhenNobodyReads(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}
