import { fromHex } from '../../crypto/index.ts';
import {
  type AnswerJson,
  answerToJson,
  type ListedClaimJson,
  listedClaimToJson,
  type StemeClient,
} from '../../engine/api/index.ts';
import { type Assertion, assertionFromJson, type Lifecycle, type StemeDB } from '../../engine/index.ts';
import { existingDatabase, withDatabase } from './data-directory.ts';
import type { DatabasePlace } from './remote.ts';

export interface Filter {
  readonly subject: string;
  readonly predicate?: string;
  readonly lifecycle?: Lifecycle;
  readonly asOf?: number;
}

export interface Question extends Filter {
  readonly predicate: string;
  readonly lens: string;
  readonly maxStale: number;
}

/** What can be asked of a database, here or where it is served: in the words of the API. */
export interface Questions {
  query(question: Question): Promise<AnswerJson>;
  list(filter: Filter, page: ListedPage): Promise<{ items: ListedClaimJson[]; next?: string | undefined }>;
  claim(hash: string): Promise<Assertion | undefined>;
}

export interface ListedPage {
  readonly limit: number;
  readonly after?: string;
}

/** Runs `body` with something to ask. All that was acknowledged before is taken into account. */
export async function withQuestions<T>(
  place: DatabasePlace,
  body: (questions: Questions) => Promise<T>,
): Promise<T> {
  if (place.kind === 'served') return body(ofClient(place.client));
  const directory = await existingDatabase(place.data);
  return withDatabase(directory, async (db) => {
    // Ingest may not have got that far when the database was last closed.
    await db.waitUntilOffset(db.durableOffset);
    return body(ofDatabase(db));
  });
}

function ofDatabase(db: StemeDB): Questions {
  return {
    query: async ({ maxStale, ...question }) =>
      answerToJson(await db.query({ ...question, maxStaleMs: maxStale })),
    list: async (filter, page) => {
      const { items, next } = await db.list(filter, page);
      return { items: items.map(listedClaimToJson), next };
    },
    claim: (hash) => db.get(fromHex(hash) ?? new Uint8Array(0)),
  };
}

function ofClient(client: StemeClient): Questions {
  return {
    query: (question) => client.query(question),
    list: (filter, page) => client.list(filter, page),
    claim: async (hash) => {
      const found = await client.get(hash);
      return found === undefined ? undefined : assertionFromJson(found);
    },
  };
}
