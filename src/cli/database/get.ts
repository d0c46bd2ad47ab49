import { fromHex, toHex } from '../../crypto/index.ts';
import { listedClaimToJson } from '../../engine/api/index.ts';
import { assertionToJson, type Hash, type StemeDB } from '../../engine/index.ts';
import { UsageError } from '../usage-error.ts';
import { detail, type FoundClaim, listing } from './claim-text.ts';
import type { GetArguments } from './commands.ts';
import { existingDatabase, withDatabase } from './data-directory.ts';
import { Output } from './output.ts';
import { tell } from './text.ts';

const exitCodes = { found: 0, none: 1 } as const;

/** Shows claims. Returns the exit code. */
export async function get(args: GetArguments): Promise<number> {
  const query = queryOf(args);
  const directory = await existingDatabase(args.data);
  return withDatabase(directory, async (db) => {
    // What was acknowledged can be read: ingest may not have got that far when the database was last closed.
    await db.waitUntilOffset(db.durableOffset);
    const output = new Output(process.stdout);
    let found = 0;
    const claims: FoundClaim[] = [];
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

async function* find(db: StemeDB, query: Query): AsyncGenerator<FoundClaim> {
  if ('hash' in query) {
    const assertion = await db.get(query.hash);
    if (assertion !== undefined) yield await withVotes(db, { hash: query.hash, assertion });
    return;
  }
  const { subject, predicate } = query;
  const hashes = predicate === undefined ? db.bySubject(subject) : db.bySubjectPredicate(subject, predicate);
  for await (const hash of hashes) {
    const assertion = await db.get(hash);
    if (assertion !== undefined) yield await withVotes(db, { hash, assertion });
  }
}

async function withVotes(db: StemeDB, claim: Omit<FoundClaim, 'votes'>): Promise<FoundClaim> {
  const { votes } = listedClaimToJson({ ...claim, votes: await db.tally(claim.hash) });
  return { ...claim, votes };
}

function jsonOf({ hash, assertion, votes }: FoundClaim): object {
  return { hash: toHex(hash), ...assertionToJson(assertion), votes };
}
