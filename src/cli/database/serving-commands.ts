import type { CommandModule } from 'yargs';
import { data, type Exit, json, key, keys, ownData, url, type Which } from './command-options.ts';

export interface KeysArguments extends Which {
  readonly json: boolean;
}

export interface CreateKeyArguments extends KeysArguments {
  readonly name: string;
  readonly role: readonly string[];
  readonly agent: readonly string[];
  readonly keys?: string | undefined;
  readonly quota?: number | undefined;
}

export interface RevokeKeyArguments extends Which {
  readonly id: string;
}

/** API keys: who may ask and write over HTTP. */
export function keysCommand(exit: Exit): CommandModule {
  const create: CommandModule<object, CreateKeyArguments> = {
    command: 'create <name>',
    describe: 'Make a key, and show it this once',
    builder: (cli) =>
      cli.positional('name', { type: 'string', demandOption: true, describe: 'for people' }).options({
        data,
        url,
        key,
        role: {
          choices: ['reader', 'writer', 'auditor', 'admin'],
          array: true,
          demandOption: true,
          describe: 'reader asks; writer also claims and votes; auditor sees all audits; admin does it all',
        },
        agent: {
          type: 'string',
          array: true,
          default: [],
          describe: 'for whom it may speak: names of agents, public keys in hexadecimal, or "any"',
        },
        keys,
        quota: { type: 'number', requiresArg: true, describe: 'what it may spend in an hour (1000000)' },
        json,
      }),
    handler: async (args) => exit(await (await import('./keys.ts')).createKey(args)),
  };
  const list: CommandModule<object, KeysArguments> = {
    command: 'list',
    describe: 'Show what is known of the keys, revoked ones included',
    builder: (cli) => cli.options({ data, url, key, json }),
    handler: async (args) => exit(await (await import('./keys.ts')).listKeys(args)),
  };
  const revoke: CommandModule<object, RevokeKeyArguments> = {
    command: 'revoke <id>',
    describe: 'Revoke a key for good',
    builder: (cli) =>
      cli
        .positional('id', { type: 'string', demandOption: true, describe: 'as "keys list" shows it' })
        .options({ data, url, key }),
    handler: async (args) => exit(await (await import('./keys.ts')).revokeKey(args)),
  };
  return {
    command: 'keys',
    describe: 'API keys: who may ask and write over HTTP',
    builder: (cli) =>
      cli
        .command(create)
        .command(list)
        .command(revoke)
        .demandCommand(1, 'Say what to do with keys: create, list or revoke. See "stemedb keys --help".'),
    handler: () => undefined,
  };
}

export interface ServeArguments {
  readonly data: string;
  readonly port: number;
  readonly host: string;
  readonly cors: readonly string[];
  readonly 'stop-within': string;
}

export function serveCommand(exit: Exit): CommandModule<object, ServeArguments> {
  return {
    command: 'serve',
    describe: 'Serve a database over HTTP, until it is stopped',
    builder: (cli) =>
      cli
        .options({
          data: ownData,
          port: { type: 'number', default: 8080, requiresArg: true, describe: '0 is any free one' },
          host: {
            type: 'string',
            default: '127.0.0.1',
            requiresArg: true,
            describe: 'the address to listen at; 0.0.0.0 or :: is all of them',
          },
          cors: {
            type: 'string',
            array: true,
            default: [],
            describe: 'origins whose pages may use it, such as https://example.org; "*" is all',
          },
          'stop-within': {
            type: 'string',
            default: '10s',
            requiresArg: true,
            describe: 'how long what was asked may take when it is stopped',
          },
        })
        .epilogue(
          'When it is ready, a line on standard output says so, with the address. The first Ctrl-C or SIGTERM stops ' +
            'it in an orderly way; the second at once, which loses nothing that was acknowledged.\n\n' +
            'A database without any API key gets one for an admin, which is written to standard error, once: make ' +
            'others with it, or beforehand with "stemedb keys create".',
        ),
    handler: async (args) => exit(await (await import('./serve.ts')).serve(args)),
  };
}
