import type { Answer, Receipt, StemeDB } from '../../engine/index.ts';
import { Violation } from '../../check/index.ts';
import { isUnanswered, type StemeNode } from '../steme-node.ts';
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
      const { mayPromiseNothing } = node;
      const { endOffset } = await body(db);
      if (mayPromiseNothing) throw promisedInSpite(name);
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
    isUnanswered,
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

function promisedInSpite(name: string): Violation {
  return new Violation({
    property: 'nothing-promised-after-a-failed-sync',
    category: 'phantom',
    message: 'A write was acknowledged by a process whose log had failed to sync before.',
    expected: `an error from ${name}, until the log has been recovered`,
    actual: 'a receipt',
  });
}
