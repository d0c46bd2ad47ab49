import { describe, expect, it } from 'vitest';
import { withFailingReads } from '../failing-reads.test-support.ts';
import { lenses } from '../lens/index.ts';
import { assertionHash, assertionKey } from '../model/index.ts';
import { StemeDB } from '../stemedb.ts';
import {
  claimOf,
  settle,
  shiftedClock,
  smallConfig,
  voteFor,
  withDatabase,
  withPorts,
  withStore,
} from '../stemedb.test-support.ts';

const question = { subject: 'Tesla', predicate: 'revenue', lens: 'recency' };

describe('views', () => {
  it('say what a query without them says, for every lens', async () => {
    await withDatabase(async (db) => {
      for (let timestamp = 0; timestamp < 12; timestamp++) {
        const claim = claimOf({ timestamp, object: { type: 'number', value: timestamp % 3 } });
        await db.submit(claim);
        await db.vote(voteFor(claim, timestamp % 4, 2));
      }
      await settle(db);
      for (const lens of lenses.keys()) {
        const viewed = await db.query({ ...question, lens });
        const live = await db.query({ ...question, lens, lifecycle: 'proposed' });
        expect(viewed.view).toBeDefined();
        expect(live.view).toBeUndefined();
        expect(viewed.resolution).toEqual(live.resolution);
        expect(viewed.throughOffset).toBe(db.durableOffset);
      }
    });
  });

  it('that are behind answer only who allows it', async () => {
    await withDatabase(
      async (db, ports) => {
        await db.submit(claimOf({ timestamp: 1 }));
        await settle(db);
        // The materializer rests now, for an hour.
        await db.submit(claimOf({ timestamp: 2 }));
        await db.waitUntilOffset(db.durableOffset);
        const timestampFor = async (maxStaleMs?: number) =>
          (await db.query({ ...question, maxStaleMs })).winner?.timestamp;
        expect(await timestampFor()).toBe(1);
        expect(await timestampFor(0)).toBe(2);
        expect(await timestampFor(60_000)).toBe(1);
        await ports.clock.sleep(61_000);
        expect(await timestampFor(60_000)).toBe(2);
        expect(await timestampFor()).toBe(1);
      },
      { views: { restMs: 3_600_000 } },
    );
  });

  it('from the future are refused: a clock that was set back makes nothing fresh', async () => {
    await withPorts(async (ports) => {
      const clock = shiftedClock(ports.clock);
      const db = await StemeDB.open({ ...ports, clock }, { ...smallConfig, views: { restMs: 3_600_000 } });
      await db.submit(claimOf({ timestamp: 1 }));
      await settle(db);
      await db.submit(claimOf({ timestamp: 2 }));
      await db.waitUntilOffset(db.durableOffset);
      clock.shiftMs = -86_400_000;
      const { winner, view } = await db.query({ ...question, maxStaleMs: 60_000 });
      expect([winner?.timestamp, view]).toEqual([2, undefined]);
      await db.close();
    });
  });

  it('that a crash left behind are made up for after the start', async () => {
    await withPorts(async (ports) => {
      const resting = { ...smallConfig, views: { restMs: 3_600_000 } };
      const before = await StemeDB.open(ports, resting);
      await before.submit(claimOf({ timestamp: 1 }));
      await settle(before);
      await before.submit(claimOf({ timestamp: 2 }));
      await before.waitUntilOffset(before.durableOffset);
      await before.close();
      const after = await StemeDB.open(ports, resting);
      await settle(after);
      const { winner, view } = await after.query(question);
      expect([winner?.timestamp, view === undefined]).toEqual([2, false]);
      await after.close();
    });
  });

  it('are kept for the lenses that are asked for, and for none if none', async () => {
    for (const names of [['skeptic'], []]) {
      await withDatabase(
        async (db) => {
          await db.submit(claimOf({}));
          await settle(db);
          const kept: string[] = [];
          for await (const entry of db.entries()) {
            if (names.length > 0) expect(entry.kind).not.toBe('view-behind');
            if (entry.kind === 'view') kept.push(entry.lens);
          }
          expect(kept).toEqual(names);
        },
        { views: { lenses: names } },
      );
    }
  });

  it('of before are not taken for fresh when others were kept meanwhile, or none', async () => {
    for (const meanwhile of [['skeptic'], []]) {
      await withPorts(async (ports) => {
        let timestamp = 0;
        for (const kept of [undefined, meanwhile, undefined]) {
          const views = { restMs: 3_600_000, ...(kept && { lenses: kept }) };
          const db = await StemeDB.open(ports, { ...smallConfig, views });
          if (kept === undefined) await settle(db);
          const { winner } = await db.query({ ...question, maxStaleMs: 0 });
          expect(winner?.timestamp).toBe(timestamp === 0 ? undefined : timestamp);
          timestamp += 1;
          await db.submit(claimOf({ timestamp }));
          await settle(db);
          await db.close();
        }
      });
    }
  });

  it('catch up once the disk can be read again', async () => {
    await withPorts(async (ports) => {
      let fails = false;
      const failing = withFailingReads(ports, '/kv/run-', () => fails);
      const db = await StemeDB.open(failing, {
        ...smallConfig,
        kv: { blockCacheBytes: 0 },
        views: { restMs: 0 },
      });
      await db.submit(claimOf({ timestamp: 1 }));
      await settle(db);
      await db.compact();
      fails = true;
      const { endOffset } = await db.submit(claimOf({ timestamp: 2 }));
      await ports.clock.sleep(1000);
      fails = false;
      await db.waitUntilViewsThrough(endOffset);
      const { winner, view } = await db.query(question);
      expect([winner?.timestamp, view === undefined]).toEqual([2, false]);
      await db.close();
    });
  });

  it('that are behind answer nobody once nothing keeps them any more, and the others still do', async () => {
    await withPorts(async (ports) => {
      const config = { ...smallConfig, views: { restMs: 0 } };
      const damaged = claimOf({ timestamp: 0 });
      const before = await StemeDB.open(ports, config);
      await before.submit(damaged);
      await before.submit(claimOf({ timestamp: 1 }));
      await before.submit(claimOf({ timestamp: 1, predicate: 'price' }));
      await settle(before);
      await before.close();
      await withStore(ports, async (store) => {
        const key = assertionKey(assertionHash(damaged));
        await store.batch([{ type: 'put', key, value: new Uint8Array(3) }]);
      });
      const db = await StemeDB.open(ports, config);
      const { endOffset } = await db.submit(claimOf({ timestamp: 2 }));
      await expect(db.waitUntilViewsThrough(endOffset)).rejects.toMatchObject({ code: 'STEME_DECODE_KIND' });
      expect(db.viewStatus?.stopped).toBeDefined();
      await expect(db.query(question)).rejects.toMatchObject({ code: 'STEME_DECODE_KIND' });
      const { winner, view } = await db.query({ ...question, predicate: 'price' });
      expect([winner?.timestamp, view === undefined]).toEqual([1, false]);
      await db.close();
    });
  });
});
