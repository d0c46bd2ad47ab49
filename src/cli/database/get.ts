import type { CommandModule } from 'yargs';
import { fromHex, toHex } from '../../crypto/index.ts';
import {
  type Assertion,
  assertionToJson,
  type Hash,
  type ObjectValue,
  type StemeDB,
} from '../../engine/index.ts';
import { UsageError } from '../usage-error.ts';
import { dataOption, existingDatabase, withDatabase } from './data-directory.ts';
import { Output } from './output.ts';
import { named, quoted, tableLines, tell } from './text.ts';

interface GetArguments {
  readonly data: string;
  readonly hash?: string | undefined;
  readonly subject?: string | undefined;
  readonly predicate?: string | undefined;
  readonly json: boolean;
}

const exitCodes = { found: 0, none: 1 } as const;

export function getCommand(exit: (code: number) => void): CommandModule<object, GetArguments> {
  return {
    command: 'get [hash]',
    describe: 'Claims by their hash, or by what they are about',
    builder: (cli) =>
      cli.positional('hash', { type: 'string', describe: 'of one claim: 64 hexadecimal digits' }).options({
        ...dataOption,
        subject: { type: 'string', requiresArg: true, describe: 'all claims about this' },
        predicate: { type: 'string', requiresArg: true, describe: 'of these, the ones that say this' },
        json: { type: 'boolean', default: false, describe: 'for programs: a claim a line' },
      }),
    handler: async (args) => exit(await get(args)),
  };
}

async function get(args: GetArguments): Promise<number> {
  const query = queryOf(args);
  const directory = await existingDatabase(args.data);
  return withDatabase(directory, async (db) => {
    // What was acknowledged can be read: ingest may not have got that far when the database was last closed.
    await db.waitUntilOffset(db.durableOffset);
    const output = new Output(process.stdout);
    let found = 0;
    const claims: Claim[] = [];
    for await (const claim of find(db, query)) {
      if (output.isClosed) break;
      found += 1;
      if (args.json) await output.write(`${JSON.stringify(jsonOf(claim))}\n`);
      else claims.push(claim);
    }
    if (found === 0) {
      tell('hash' in query ? `no claim ${toHex(query.hash)}` : 'no claim about that');
      return exitCodes.none;
    }
    if (!args.json) await output.write('hash' in query ? detail(claims) : listing(claims));
    if (output.failure !== undefined) throw output.failure;
    return exitCodes.found;
  });
}

interface Claim {
  readonly hash: Hash;
  readonly assertion: Assertion;
}

type Query = { readonly hash: Hash } | { readonly subject: string; readonly predicate: string | undefined };

function queryOf({ hash, subject, predicate }: GetArguments): Query {
  if (hash !== undefined) {
    if (subject !== undefined || predicate !== undefined) {
      throw new UsageError('Give either a hash or --subject, not both.');
    }
    const bytes = hash.length === 64 ? fromHex(hash.toLowerCase()) : undefined;
    if (bytes === undefined) throw new UsageError(`A hash has 64 hexadecimal digits, unlike "${hash}".`);
    return { hash: bytes };
  }
  if (subject === undefined)
    throw new UsageError('Say which: a hash, or --subject with or without --predicate.');
  return { subject, predicate };
}

async function* find(db: StemeDB, query: Query): AsyncGenerator<Claim> {
  if ('hash' in query) {
    const assertion = await db.get(query.hash);
    if (assertion !== undefined) yield { hash: query.hash, assertion };
    return;
  }
  const { subject, predicate } = query;
  const hashes = predicate === undefined ? db.bySubject(subject) : db.bySubjectPredicate(subject, predicate);
  for await (const hash of hashes) {
    const assertion = await db.get(hash);
    if (assertion !== undefined) yield { hash, assertion };
  }
}

function jsonOf({ hash, assertion }: Claim): object {
  return { hash: toHex(hash), ...assertionToJson(assertion) };
}

/** As many as a person asked for by subject: they fit into memory. */
function listing(claims: readonly Claim[]): string {
  const rows = claims
    .map(({ hash, assertion }) => [
      named(assertion.predicate),
      objectText(assertion.object),
      assertion.lifecycle,
      String(assertion.confidence),
      timeText(assertion.timestamp).slice(0, 10),
      assertion.signatures.map(({ agentId }) => toHex(agentId).slice(0, 8)).join(' '),
      toHex(hash),
    ])
    .toSorted((one, other) => (one.join('\n') < other.join('\n') ? -1 : 1));
  const head = ['PREDICATE', 'OBJECT', 'LIFECYCLE', 'CONFIDENCE', 'WHEN', 'AGENT', 'HASH'];
  return `${tableLines([head, ...rows]).join('\n')}\n`;
}

function detail(claims: readonly Claim[]): string {
  const rows = claims.flatMap(({ hash, assertion }) => [
    ['hash', toHex(hash)],
    ['subject', named(assertion.subject)],
    ['predicate', named(assertion.predicate)],
    ['object', objectText(assertion.object)],
    ['lifecycle', assertion.lifecycle],
    ['confidence', String(assertion.confidence)],
    ['when', timeText(assertion.timestamp)],
    ...(assertion.epoch === undefined ? [] : [['epoch', String(assertion.epoch)]]),
    ...(assertion.parentHash === undefined ? [] : [['parent', toHex(assertion.parentHash)]]),
    ...(assertion.sourceHash === undefined ? [] : [['source', toHex(assertion.sourceHash)]]),
    ...assertion.signatures.map(({ agentId }) => ['signed by', toHex(agentId)]),
  ]);
  return `${tableLines(rows).join('\n')}\n`;
}

function objectText(object: ObjectValue): string {
  if (object.type === 'text') return quoted(object.value);
  return object.type === 'reference' ? `-> ${named(object.value)}` : String(object.value);
}

/** The last moment that JavaScript's dates reach is less than what a timestamp may be. */
const dateMsMax = 8.64e15;

function timeText(timestamp: number): string {
  return timestamp <= dateMsMax ? new Date(timestamp).toISOString() : `${timestamp} ms`;
}
