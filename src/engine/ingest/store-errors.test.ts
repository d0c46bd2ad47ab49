import { expect, it } from 'vitest';
import { withFailingReads } from '../failing-reads.test-support.ts';
import { assertionHash } from '../model/index.ts';
import { StemeDB } from '../stemedb.ts';
import { claimOf, settle, smallConfig, voteFor, withPorts } from '../stemedb.test-support.ts';

it('an error of the disk below the store is not taken for absence: ingest waits and goes on, and nothing counts twice', async () => {
  await withPorts(async (ports) => {
    let fails = false;
    const failing = withFailingReads(ports, '/kv/run-', () => fails);
    // No block stays in memory, so that each look at a run is a read.
    const config = { ...smallConfig, kv: { blockCacheBytes: 0 }, views: { lenses: [] } };
    const claim = claimOf({});
    const vote = voteFor(claim, 1, 2);

    const db = await StemeDB.open(failing, config);
    await db.submit(claim);
    await db.vote(vote);
    await settle(db);
    await db.compact();
    const { cursor } = db.ingestStatus;
    fails = true;
    await db.vote(vote);
    await ports.clock.sleep(1000);
    expect(db.ingestStatus).toMatchObject({ cursor, stopped: undefined });
    fails = false;
    await settle(db);
    expect(await db.tally(assertionHash(claim))).toEqual({ count: 1, weightMillionths: 1_000_000n });
    await db.close();
  });
});
