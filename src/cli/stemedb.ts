import { readFile } from 'node:fs/promises';
import { runCommandLine } from './command-line.ts';
import { standardInput } from './database/line-source.ts';
import {
  getCommand,
  inspectCommand,
  queryCommand,
  submitCommand,
  verifyCommand,
  voteCommand,
} from './database/commands.ts';
import { keysCommand, serveCommand } from './database/serving-commands.ts';

/** The `stemedb` command. Returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // To yargs a lone hyphen is an option without a name, and not an argument.
  const named = args.map((arg) => (arg === '-' ? standardInput : arg));
  const { packageRoot } = await import('../explore/package-root.ts');
  const manifest = JSON.parse(await readFile(new URL('package.json', packageRoot), 'utf8')) as {
    version: string;
  };
  return runCommandLine(
    {
      name: 'stemedb',
      summary: 'A database of signed claims, on the disk of this machine.',
      version: manifest.version,
      register: (cli, exit) =>
        cli
          .command(serveCommand(exit))
          .command(submitCommand(exit))
          .command(voteCommand(exit))
          .command(queryCommand(exit))
          .command(getCommand(exit))
          .command(keysCommand(exit))
          .command(inspectCommand(exit))
          .command(verifyCommand(exit)),
      examples: [
        ['$0 submit --data db claims.jsonl', 'sign the claims in a file and make them durable'],
        ['$0 query --data db --subject country/BO --predicate capital', 'what that comes to'],
        ['$0 get --data db --subject country/BO', 'what is claimed about Bolivia'],
        ['$0 serve --data db --port 8080', 'let others claim, vote and ask over HTTP'],
        ['$0 verify --data db', 'whether everything is as it was written'],
      ],
    },
    named,
  );
}
