import type { CommandModule } from 'yargs';

/** What each command is told; it is loaded when it is asked for, so that `--help` loads none of them. */
type Exit = (code: number) => void;

const data = {
  type: 'string',
  demandOption: true,
  requiresArg: true,
  describe: 'the directory of the database',
} as const;

const json = { type: 'boolean', default: false, describe: 'for programs: JSON, a line each' } as const;

export interface SubmitArguments {
  readonly data: string;
  readonly file: string;
  readonly agent: string;
  readonly 'keep-going': boolean;
}

export function submitCommand(exit: Exit): CommandModule<object, SubmitArguments> {
  return {
    command: 'submit <file>',
    describe: 'Sign claims, a line of JSON each, and make them durable',
    builder: (cli) =>
      cli
        .positional('file', {
          type: 'string',
          demandOption: true,
          describe: 'unsigned claims as JSON lines; "-" is standard input',
        })
        .options({
          data,
          agent: {
            type: 'string',
            default: 'default',
            requiresArg: true,
            describe: 'whose key signs; made in DIR/keys when it is not there',
          },
          'keep-going': {
            type: 'boolean',
            default: false,
            describe: 'take the good lines even if others are refused',
          },
        })
        .epilogue(
          'A file is read twice: if any line is refused, nothing is taken. Standard input and pipes are read once: ' +
            'the first line that is refused ends it, and the lines before it are taken.\n\n' +
            'Each claim that is durable is acknowledged by a line on standard output: ' +
            '{"line":3,"hash":"...","offset":4096}. The same claim again is the same claim.',
        ),
    handler: async (args) => exit(await (await import('./submit.ts')).submit(args)),
  };
}

export interface GetArguments {
  readonly data: string;
  readonly hash?: string | undefined;
  readonly subject?: string | undefined;
  readonly predicate?: string | undefined;
  readonly json: boolean;
}

export function getCommand(exit: Exit): CommandModule<object, GetArguments> {
  return {
    command: 'get [hash]',
    describe: 'Claims by their hash, or by what they are about',
    builder: (cli) =>
      cli.positional('hash', { type: 'string', describe: 'of one claim: 64 hexadecimal digits' }).options({
        data,
        subject: { type: 'string', requiresArg: true, describe: 'all claims about this' },
        predicate: { type: 'string', requiresArg: true, describe: 'of these, the ones that say this' },
        json,
      }),
    handler: async (args) => exit(await (await import('./get.ts')).get(args)),
  };
}

export interface InspectArguments {
  readonly data: string;
  readonly records: boolean;
  readonly json: boolean;
}

export function inspectCommand(exit: Exit): CommandModule<object, InspectArguments> {
  return {
    command: 'inspect',
    describe: 'Show what files hold what; reads only, also while the database is in use or damaged',
    builder: (cli) =>
      cli.options({
        data,
        records: { type: 'boolean', default: false, describe: 'also each record of the log' },
        json,
      }),
    handler: async (args) => exit(await (await import('./inspect.ts')).inspect(args)),
  };
}

export interface VerifyArguments {
  readonly data: string;
}

export function verifyCommand(exit: Exit): CommandModule<object, VerifyArguments> {
  return {
    command: 'verify',
    describe: 'Check every byte and every signature; changes nothing',
    builder: (cli) =>
      cli
        .options({ data })
        .epilogue(
          'Lists all damage with file and position, and ends with 1 if there is any. What a crash or a closing has ' +
            'left, and the next opening removes, is listed as well.',
        ),
    handler: async (args) => exit(await (await import('./verify.ts')).verify(args)),
  };
}
