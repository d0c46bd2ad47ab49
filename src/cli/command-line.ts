import yargs, { type Argv } from 'yargs';
import { UsageError } from './usage-error.ts';

export interface CommandLine {
  readonly name: string;
  readonly summary: string;
  readonly version: string;
  /** Adds the commands; each handler puts its exit code into `exit`. */
  register(cli: Argv, exit: (code: number) => void): Argv;
  /** What the last of `words` may be, the name of the program being the first; `undefined`: commands and flags. */
  wordsFor?(words: readonly string[]): Promise<readonly string[] | undefined>;
  readonly examples: readonly (readonly [command: string, what: string])[];
}

/** What the scripts of yargs ask with. */
const completionFlag = '--get-yargs-completions';

const usageExitCode = 2;
const defectExitCode = 70;

/** Parses and runs; returns the exit code. Usage errors go to stderr with what to type instead. */
export async function runCommandLine(line: CommandLine, args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const [first, ...others] = args;
  /** Of commands and flags yargs tells itself, and ends the process: else it would go on and run something. */
  const isCompletion = first === completionFlag;
  const cli = line
    .register(
      yargs([...args])
        .scriptName(line.name)
        .usage(`$0 <command>\n\n${line.summary}`)
        .example(line.examples.map(([command, what]) => [command, what] as [string, string]))
        .version(line.version)
        .help()
        .alias({ h: 'help' })
        .strict()
        .demandCommand(1, `Say what to do: "${line.name} --help" lists the commands.`)
        .recommendCommands()
        .wrap(Math.min(110, process.stdout.columns ?? 110))
        .exitProcess(isCompletion),
      (code) => {
        exitCode = code;
      },
    )
    .completion('completion', 'Print a script that completes commands: append it to ~/.bashrc or ~/.zshrc')
    .fail((message, error) => {
      // What yargs itself throws is about the arguments, too.
      if (error !== undefined && error !== null && error.name !== 'YError') throw error;
      throw new UsageError(usageMessage(line.name, args, message ?? error?.message));
    });
  try {
    const words = isCompletion ? await line.wordsFor?.(others) : undefined;
    if (words !== undefined) {
      process.stdout.write(words.map((word) => `${word}\n`).join(''));
      return 0;
    }
    if (first === 'completion') {
      cli.showCompletionScript();
      return 0;
    }
    await cli.parseAsync();
    return exitCode;
  } catch (error) {
    return report(line.name, error);
  }
}

/** What yargs says, as a sentence, and where to read on. */
function usageMessage(name: string, args: readonly string[], message: string): string {
  const [command = ''] = args;
  const help = /^[a-z]/.test(command) && !message.startsWith('Did you mean') ? `${name} ${command}` : name;
  const sentence = message.startsWith('Not enough non-option arguments')
    ? 'An argument is missing.'
    : /[.?!]$/.test(message)
      ? message
      : `${message}.`;
  return sentence.includes('--help') ? sentence : `${sentence} See "${help} --help".`;
}

/** Errors with a `code` are for users, one line; anything else is a defect and shows its stack. */
function report(name: string, error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${name}: ${error.message}\n`);
    return usageExitCode;
  }
  const { code, exitCode } = (error ?? {}) as { code?: unknown; exitCode?: unknown };
  if (error instanceof Error && typeof code === 'string') {
    const message = error.message.startsWith(code) ? error.message : `${error.message} [${code}]`;
    process.stderr.write(`${name}: ${message}\n`);
    return typeof exitCode === 'number' ? exitCode : 1;
  }
  process.stderr.write(`${name}: this is a defect, please report it:\n`);
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return defectExitCode;
}
