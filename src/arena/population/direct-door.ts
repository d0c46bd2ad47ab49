import { type Answer, DatabaseClosedError, type Receipt, type StemeDB } from '../../engine/index.ts';
import { ProcessGoneError } from '../../sim/index.ts';
import type { StemeNode } from '../steme-node.ts';
import type { Door, Reply } from './door.ts';
import { plainResolution } from './plain-resolution.ts';

/** Calls into the process of the node, as code does that embeds the database. */
export function directDoor(node: StemeNode): Door {
  const write = (
    name: string,
    isIngested: boolean,
    body: (db: StemeDB) => Promise<Receipt>,
  ): Promise<number> =>
    node.call(name, async (db) => {
      const { endOffset } = await body(db);
      if (isIngested) await db.waitUntilOffset(endOffset);
      return endOffset;
    });
  return {
    retries: false,
    submit: (assertion, isIngested) => write('submit', isIngested, (db) => db.submit(assertion)),
    vote: (vote, isIngested) => write('vote', isIngested, (db) => db.vote(vote)),
    get: (hash) => node.call('get', (db) => db.get(hash)),
    query: (question) =>
      node.call('query', async (db) => {
        const { clock } = node.machine;
        const { cursor } = db.ingestStatus;
        const askedAtMs = clock.wallMs();
        const answer = await db.query(question);
        const wallMs = Math.max(askedAtMs, clock.wallMs());
        return { ...replyOf(answer), server: { cursor, durableOffset: db.durableOffset, askedAtMs, wallMs } };
      }),
    isUnanswered: (error) => error instanceof ProcessGoneError || error instanceof DatabaseClosedError,
  };
}

function replyOf({ queryId, resolution, throughOffset, audited, view }: Answer): Reply {
  return {
    queryId,
    resolution: plainResolution(resolution),
    throughOffset,
    audited,
    materializedAtMs: view?.materializedAtMs,
  };
}
