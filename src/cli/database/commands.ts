import type { CommandModule } from 'yargs';
import { data, type Exit, json, key, keys, ownData, url, type Which } from './command-options.ts';

const agent = {
  type: 'string',
  default: 'default',
  requiresArg: true,
  describe: 'whose key signs; made in DIR/keys when it is not there',
} as const;

const keepGoing = {
  type: 'boolean',
  default: false,
  describe: 'take the good lines even if others are refused',
} as const;

const readTwice =
  'A file is read twice: if any line is refused, nothing is taken. Standard input and pipes are read once: ' +
  'the first line that is refused ends it, and the lines before it are taken.\n\n';

/** Who signs, and what becomes of lines that are refused. */
interface Signing {
  readonly agent: string;
  readonly keys?: string | undefined;
  readonly 'keep-going': boolean;
}

export interface SubmitArguments extends Which, Signing {
  readonly file: string;
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
        .options({ data, url, key, agent, keys, 'keep-going': keepGoing })
        .epilogue(
          readTwice +
            'Each claim that is durable is acknowledged by a line on standard output: ' +
            '{"line":3,"hash":"...","offset":4096}. The same claim again is the same claim.',
        ),
    handler: async (args) => exit(await (await import('./submit.ts')).submit(args)),
  };
}

export interface VoteArguments extends Which, Signing {
  readonly what: string;
  readonly weight?: string | undefined;
  readonly timestamp?: number | undefined;
}

export function voteCommand(exit: Exit): CommandModule<object, VoteArguments> {
  return {
    command: 'vote <what> [weight]',
    describe: 'Sign votes on claims, and make them durable',
    builder: (cli) =>
      cli
        .positional('what', {
          type: 'string',
          demandOption: true,
          describe: 'the hash of a claim, with a weight; or votes as JSON lines, "-" is standard input',
        })
        .positional('weight', {
          type: 'string',
          describe: 'from 0 to 1000000000, with at most six decimals',
        })
        .options({
          data,
          url,
          key,
          agent,
          keys,
          timestamp: {
            type: 'number',
            requiresArg: true,
            describe: 'of the one vote, in milliseconds since 1970; by default now',
          },
          'keep-going': keepGoing,
        })
        .epilogue(
          'A line is a vote: {"assertionHash":"...","weight":2.5,"timestamp":1784072650147}. The same vote again ' +
            'counts once; a vote with another weight or timestamp is another vote, and counts as well.\n\n' +
            readTwice +
            'Each vote that is durable is acknowledged by a line on standard output.',
        ),
    handler: async (args) => exit(await (await import('./vote.ts')).vote(args)),
  };
}

export interface QueryArguments extends Which {
  readonly subject: string;
  readonly predicate?: string | undefined;
  readonly lens?: string | undefined;
  readonly lifecycle?: string | undefined;
  readonly 'as-of'?: string | undefined;
  readonly 'max-stale'?: string | undefined;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
  readonly json: boolean;
}

export function queryCommand(exit: Exit): CommandModule<object, QueryArguments> {
  return {
    command: 'query',
    describe: 'Resolve what is claimed about something, through a lens',
    builder: (cli) =>
      cli
        .options({
          data,
          url,
          key,
          subject: { type: 'string', demandOption: true, requiresArg: true, describe: 'what it is about' },
          predicate: {
            type: 'string',
            requiresArg: true,
            describe: 'what is asked of it; without this its claims are listed, with their votes',
          },
          lens: {
            type: 'string',
            requiresArg: true,
            describe:
              'recency, consensus (the default), confidence, vote-aware-consensus, or skeptic, which names no winner',
          },
          lifecycle: {
            choices: ['proposed', 'under-review', 'approved', 'deprecated', 'rejected'],
            describe: 'only claims of this lifecycle',
          },
          'as-of': {
            type: 'string',
            requiresArg: true,
            describe: 'only what was claimed and voted by then: 2026-01-31, or milliseconds since 1970',
          },
          'max-stale': {
            type: 'string',
            requiresArg: true,
            describe: 'how far behind a view may be that answers: 10s, 5m; by default 0s, not at all',
          },
          limit: { type: 'number', requiresArg: true, describe: 'of a list: claims at most (100)' },
          after: { type: 'string', requiresArg: true, describe: 'of a list: go on behind this hash' },
          json,
        })
        .epilogue('Each question that is answered leaves an audit record in the database.'),
    handler: async (args) => exit(await (await import('./query.ts')).query(args)),
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
        data: ownData,
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
        data: ownData,
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
        .options({ data: ownData })
        .epilogue(
          'Lists all damage with file and position, and ends with 1 if there is any. What a crash or a closing has ' +
            'left, and the next opening removes, is listed as well.',
        ),
    handler: async (args) => exit(await (await import('./verify.ts')).verify(args)),
  };
}
