/** What each command is told; it is loaded when it is asked for, so that `--help` loads none of them. */
export type Exit = (code: number) => void;

export const data = {
  type: 'string',
  requiresArg: true,
  describe: 'the directory of a database that nobody serves',
} as const;

export const ownData = {
  type: 'string',
  demandOption: true,
  requiresArg: true,
  describe: 'the directory of the database',
} as const;

export const json = { type: 'boolean', default: false, describe: 'for programs: JSON, a line each' } as const;

export const url = {
  type: 'string',
  requiresArg: true,
  describe: 'the address of a database that is served, in place of --data',
} as const;

export const key = {
  type: 'string',
  requiresArg: true,
  describe: 'with --url: an API key; STEMEDB_KEY in the environment is safer',
} as const;

export const keys = {
  type: 'string',
  requiresArg: true,
  describe: 'where the secret keys of agents are; by default in DIR/keys of --data',
} as const;

/** Which database. */
export interface Which {
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}
