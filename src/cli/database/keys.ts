import { KEY_BYTES, toHex } from '../../crypto/index.ts';
import type { Access, ApiKey, NewApiKey, Role } from '../../engine/access/index.ts';
import type { StemeClient } from '../../engine/api/index.ts';
import { DirectoryLockedError, hostPorts, readOrCreateSecretKey } from '../../host/index.ts';
import { UsageError } from '../usage-error.ts';
import { timeText } from './claim-text.ts';
import type { CreateKeyArguments, KeysArguments, RevokeKeyArguments } from './serving-commands.ts';
import { existingDatabase, newOrExistingDatabase, withDatabase } from './data-directory.ts';
import { Output } from './output.ts';
import { type DatabasePlace, placeOf } from './remote.ts';
import { requireAgentName } from './agent-name.ts';
import { named, tableLines, tell } from './text.ts';

const exitCodes = { done: 0, none: 1 } as const;

/** API keys, of a database here or of one that is served. */
interface Keys extends Pick<Access, 'create' | 'list'> {
  /** Whether there is such a key. */
  revoke(id: string): Promise<boolean>;
}

/** Makes a key and writes it to standard output, which is the only time that it can be had. */
export async function createKey(args: CreateKeyArguments): Promise<number> {
  const place = placeOf(args);
  // Before any secret key is made in it.
  if (place.kind === 'local') await newOrExistingDatabase(place.data);
  const agents = await agentsOf(args, place);
  const request: NewApiKey = {
    name: args.name,
    roles: args.role as Role[],
    agents,
    ...(args.quota !== undefined && { quotaPerHour: args.quota }),
  };
  const { key, record } = await withKeys(place, 'made', (keys) => keys.create(request));
  const output = new Output(process.stdout);
  await output.write(args.json ? `${JSON.stringify({ key, record })}\n` : `${key}\n`);
  if (output.failure !== undefined) throw output.failure;
  tell(`key ${record.id} of ${named(record.name)} is made. Keep it: it is shown only now.`);
  return exitCodes.done;
}

/** Shows what is known of the keys; never a key. */
export async function listKeys(args: KeysArguments): Promise<number> {
  const found = await withKeys(placeOf(args), 'refused', allOf);
  const output = new Output(process.stdout);
  const lines = args.json ? found.map((key) => JSON.stringify(key)) : keyLines(found);
  await output.write(lines.map((line) => `${line}\n`).join(''));
  if (output.failure !== undefined) throw output.failure;
  return exitCodes.done;
}

/** Revokes a key for good. */
export async function revokeKey(args: RevokeKeyArguments): Promise<number> {
  const isThere = await withKeys(placeOf(args), 'refused', (keys) => keys.revoke(args.id));
  tell(isThere ? `key ${args.id} is revoked` : `there is no key ${args.id}`);
  return isThere ? exitCodes.done : exitCodes.none;
}

async function withKeys<T>(
  place: DatabasePlace,
  missing: 'made' | 'refused',
  body: (keys: Keys) => Promise<T>,
): Promise<T> {
  if (place.kind === 'served') return body(ofClient(place.client));
  const directory = await (missing === 'made' ? newOrExistingDatabase : existingDatabase)(place.data);
  try {
    return await withDatabase(directory, ({ access }) =>
      body({
        create: (request) => access.create(request),
        list: (page) => access.list(page),
        revoke: async (id) => (await access.revoke(id)) !== undefined,
      }),
    );
  } catch (error) {
    if (!(error instanceof DirectoryLockedError)) throw error;
    throw new ServedElsewhereError(error);
  }
}

function ofClient(client: StemeClient): Keys {
  return {
    create: (request) => client.createKey(request),
    list: async ({ limit, after } = {}) => {
      const page = { ...(limit !== undefined && { limit }), ...(after !== undefined && { after }) };
      const { items, next } = await client.listKeys(page);
      return { items, next };
    },
    revoke: (id) => client.revokeKey(id),
  };
}

/** Keys cannot be changed behind the back of whoever serves the database. */
class ServedElsewhereError extends Error {
  readonly code: string;

  constructor(cause: DirectoryLockedError) {
    super(
      `${cause.message} If it is "stemedb serve", ask that: POST, GET and DELETE /v1/keys with the key of an ` +
        'admin, or this command with --url and --key in place of --data.',
      { cause },
    );
    this.code = cause.code;
  }
}

async function allOf(keys: Keys): Promise<ApiKey[]> {
  const found: ApiKey[] = [];
  let after: string | undefined;
  do {
    const page = await keys.list({ limit: 1000, after });
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Agents by their public key, or by the name under which their secret key is kept here. */
async function agentsOf(
  { agent, keys, data }: CreateKeyArguments,
  place: DatabasePlace,
): Promise<'any' | string[]> {
  if (agent.includes('any')) {
    if (agent.length === 1) return 'any';
    throw new UsageError('--agent any is for all agents: name no others with it.');
  }
  const directory = keys ?? (place.kind === 'local' && data !== undefined ? `${data}/keys` : undefined);
  const { entropy, signatures } = hostPorts();
  const ids: string[] = [];
  for (const each of agent) {
    if (each.length === 2 * KEY_BYTES && /^[0-9a-f]+$/i.test(each)) {
      ids.push(each.toLowerCase());
    } else if (directory === undefined) {
      throw new UsageError(`Say where the secret key of agent "${each}" is, with --keys DIR.`);
    } else {
      requireAgentName(each);
      ids.push(toHex(signatures.publicKey(await readOrCreateSecretKey(directory, each, entropy))));
    }
  }
  return ids;
}

function keyLines(keys: readonly ApiKey[]): string[] {
  const rows = keys.map(({ id, name, roles, agents, quotaPerHour, createdAt, revokedAt }) => [
    id,
    named(name),
    roles.join(' '),
    agents === 'any' ? 'any' : agents.map((agentId) => agentId.slice(0, 8)).join(' '),
    String(quotaPerHour),
    timeText(createdAt).slice(0, 16),
    revokedAt === undefined ? '' : timeText(revokedAt).slice(0, 16),
  ]);
  const head = ['ID', 'NAME', 'ROLES', 'AGENTS', 'QUOTA', 'MADE', 'REVOKED'];
  return tableLines([head, ...rows], new Set([4]));
}
