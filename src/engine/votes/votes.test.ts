import { describe, expect, it } from 'vitest';
import { assertionHash } from '../model/index.ts';
import { StemeDB } from '../stemedb.ts';
import {
  claimOf,
  secretKey,
  settle,
  smallConfig,
  voteFor,
  withDatabase,
  withPorts,
} from '../stemedb.test-support.ts';

const claim = claimOf({});
const hash = assertionHash(claim);

describe('votes', () => {
  it('are counted and weighed, exactly, whatever batches they are ingested in', async () => {
    for (const batchRecordsMax of [1, 3, 64]) {
      await withDatabase(
        async (db) => {
          await db.submit(claim);
          await Promise.all(
            Array.from({ length: 30 }, (_, index) => db.vote(voteFor(claim, 0.1, 2 + (index % 5), index))),
          );
          await settle(db);
          // 30 times 0.1 is not 3 in doubles.
          expect(await db.tally(hash)).toEqual({ count: 30, weightMillionths: 3_000_000n });
        },
        { ingest: { batchRecordsMax, workers: 3 } },
      );
    }
  });

  it('count once when they are cast again, in the same batch, in another, and after a restart', async () => {
    await withPorts(async (ports) => {
      const config = { ...smallConfig, ingest: { workers: 2 } };
      for (let life = 0; life < 2; life++) {
        const db = await StemeDB.open(ports, config);
        const vote = voteFor(claim, 2, 3);
        await Promise.all([db.vote(vote), db.vote(vote), db.submit(claim)]);
        await settle(db);
        await db.vote(vote);
        await settle(db);
        expect(await db.tally(hash)).toEqual({ count: 1, weightMillionths: 2_000_000n });
        await db.close();
      }
    });
  });

  it('may come before the assertion that they are for', async () => {
    await withDatabase(async (db) => {
      await db.vote(voteFor(claim, 1, 2));
      await settle(db);
      await db.submit(claim);
      await settle(db);
      const { resolution } = await db.query({
        subject: 'Tesla',
        predicate: 'revenue',
        lens: 'vote-aware-consensus',
      });
      expect(resolution).toMatchObject({ winner: hash, resolutionConfidence: 1 });
    });
  });

  it('of nobody weigh nothing', async () => {
    await withDatabase(async (db) => {
      expect(await db.tally(hash)).toEqual({ count: 0, weightMillionths: 0n });
    });
  });

  it('with a signature that is not the agent’s are refused, and change nothing', async () => {
    await withDatabase(async (db, ports) => {
      const vote = voteFor(claim, 1, 2);
      const stolen = { ...vote, agentId: ports.signatures.publicKey(secretKey(9)) };
      await expect(db.vote(stolen)).rejects.toMatchObject({ code: 'STEME_SIGNATURE_INVALID' });
      await expect(db.vote({ ...vote, weightMillionths: -1 })).rejects.toMatchObject({
        code: 'STEME_WEIGHT_NEGATIVE',
      });
      expect(db.durableOffset).toBe(0);
    });
  });
});
