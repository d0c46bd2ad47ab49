import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../crypto/index.ts';
import { lenses } from '../lens/index.ts';
import { assertionHash } from '../model/index.ts';
import type { StemeDB } from '../stemedb.ts';
import { claimOf, secretKey, settle, voteFor, withDatabase } from '../stemedb.test-support.ts';
import type { PageOptions } from './types.ts';

const question = { subject: 'Tesla', predicate: 'revenue', lens: 'recency' };

describe('a query', () => {
  it('is answered by every lens, also when nothing is known', async () => {
    await withDatabase(async (db) => {
      for (const lens of lenses.keys()) {
        const { resolution, winner } = await db.query({ ...question, lens });
        expect([resolution.candidatesCount, winner]).toEqual([0, undefined]);
      }
    });
  });

  it('sees only claims of the lifecycle that it asks for', async () => {
    await withDatabase(async (db) => {
      const approved = claimOf({ lifecycle: 'approved', timestamp: 1 });
      await db.submit(approved);
      await db.submit(claimOf({ timestamp: 2 }));
      await settle(db);
      expect((await db.query({ ...question, lifecycle: 'approved' })).winner).toEqual(approved);
      expect((await db.query({ ...question, lifecycle: 'rejected' })).resolution.candidatesCount).toBe(0);
      expect((await db.query(question)).winner?.timestamp).toBe(2);
    });
  });

  it('as of a moment knows no claim and no vote of later', async () => {
    await withDatabase(async (db) => {
      const [early, late] = [claimOf({ timestamp: 10 }), claimOf({ timestamp: 20 })];
      for (const claim of [early, late]) await db.submit(claim);
      await db.vote(voteFor(early, 5, 2, 30));
      await settle(db);
      const lens = 'vote-aware-consensus';
      const at = (asOf: number) => db.query({ ...question, lens, asOf });
      expect((await at(9)).resolution.candidatesCount).toBe(0);
      expect((await at(19)).winner).toEqual(early);
      expect((await at(29)).winner).toEqual(late);
      expect((await at(30)).winner).toEqual(early);
    });
  });

  it('is refused for a lens that does not exist, and leaves no record', async () => {
    await withDatabase(async (db) => {
      await expect(db.query({ ...question, lens: 'truth' })).rejects.toMatchObject({
        code: 'STEME_LENS_UNKNOWN',
      });
      for await (const { kind } of db.entries()) expect(kind).not.toBe('audit');
    });
  });

  it('leaves a record of what was asked, what won, and among how many', async () => {
    await withDatabase(async (db, ports) => {
      const claim = claimOf({});
      await db.submit(claim);
      await db.vote(voteFor(claim, 2, 3));
      await settle(db);
      const agentId = ports.signatures.publicKey(secretKey(5));
      const lens = 'vote-aware-consensus';
      const first = await db.query({ ...question, lens, agentId });
      const second = await db.query({
        ...question,
        lens: 'skeptic',
        agentId,
        asOf: 0,
        lifecycle: 'proposed',
      });
      expect([first.audited, second.audited]).toEqual([true, true]);
      expect(await db.audit(first.queryId)).toMatchObject({
        agentId,
        query: { ...question, lens },
        resultHash: assertionHash(claim),
        resultConfidence: 1,
        candidatesCount: 1,
        contributing: [{ hash: assertionHash(claim), weightMillionths: 2_000_000n, lifecycle: 'proposed' }],
      });
      const asked: string[] = [];
      for await (const { queryId } of db.auditsOf(agentId)) asked.push(queryId);
      expect(asked.toSorted()).toEqual([first.queryId, second.queryId].toSorted());
      expect(await db.audit('unheard of')).toBeUndefined();
    });
  });

  it('needs no more memory than it may have: refused when too many values differ for a lens', async () => {
    await withDatabase(
      async (db) => {
        for (let value = 0; value < 40; value++)
          await db.submit(claimOf({ object: { type: 'number', value } }));
        await settle(db);
        await expect(db.query({ ...question, lens: 'consensus' })).rejects.toMatchObject({
          code: 'STEME_QUERY_TOO_LARGE',
        });
        expect((await db.query(question)).resolution.candidatesCount).toBe(40);
      },
      { query: { memoryBytesMax: 5000, rankedMax: 2 }, views: { lenses: [] } },
    );
  });
});

describe('the order of ingest', () => {
  it('changes no answer, of no lens', async () => {
    const claims = Array.from({ length: 6 }, (_, index) =>
      claimOf({
        timestamp: index % 3,
        confidence: (index % 2) / 2,
        object: { type: 'number', value: index % 4 },
      }),
    );
    const records = [
      ...claims.map((claim) => (db: StemeDB) => db.submit(claim)),
      ...claims.map((claim, index) => (db: StemeDB) => db.vote(voteFor(claim, index % 3, 2, index))),
    ];
    const answersOf = async (order: readonly number[]): Promise<unknown[]> => {
      const answers: unknown[] = [];
      await withDatabase(
        async (db) => {
          for (const index of order) await records[index]!(db);
          await settle(db);
          for (const lens of lenses.keys()) answers.push((await db.query({ ...question, lens })).resolution);
        },
        { ingest: { workers: 3, batchRecordsMax: 2 } },
      );
      return answers;
    };
    const inOrder = records.map((_, index) => index);
    const expected = await answersOf(inOrder);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), async (order) => {
        expect(await answersOf(order)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a listing', () => {
  it('comes in pages that together hold everything once', async () => {
    await withDatabase(async (db) => {
      const claims = Array.from({ length: 7 }, (_, value) => claimOf({ object: { type: 'number', value } }));
      for (const claim of claims) await db.submit(claim);
      await db.submit(claimOf({ predicate: 'revenue2' }));
      await db.submit(claimOf({ subject: 'Tesla2' }));
      await settle(db);
      const about = { subject: 'Tesla', predicate: 'revenue' };
      for (const limit of [1, 2, 7, 8]) {
        const listed = await pages((page) => db.list(about, { limit, ...page }));
        expect(listed.map(({ hash }) => toHex(hash))).toEqual(
          claims.map((claim) => toHex(assertionHash(claim))).toSorted(),
        );
      }
      expect(await pages((page) => db.list({ subject: 'Tesla' }, { limit: 3, ...page }))).toHaveLength(8);
    });
  });

  it('ends a page early rather than hold too much', async () => {
    await withDatabase(
      async (db) => {
        const big = 'x'.repeat(600);
        for (const letter of 'abcde')
          await db.submit(claimOf({ object: { type: 'text', value: big + letter } }));
        await settle(db);
        expect((await db.list({ subject: 'Tesla' })).items).toHaveLength(2);
        expect(await pages((page) => db.list({ subject: 'Tesla' }, page))).toHaveLength(5);
      },
      { query: { pageBytesMax: 1000 } },
    );
  });

  it('of predicates names each once, whatever bytes they have', async () => {
    await withDatabase(async (db) => {
      const predicates = ['a', 'a\u0000', 'a\u0000b', 'ab', 'b', '\u00ff', '🚗'];
      for (const predicate of predicates) {
        for (const timestamp of [1, 2]) await db.submit(claimOf({ predicate, timestamp }));
      }
      await db.submit(claimOf({ subject: 'Tesla\u0000', predicate: 'of another' }));
      await settle(db);
      for (const limit of [1, 3, 100]) {
        expect(await pages((page) => db.predicates('Tesla', { limit, ...page }))).toEqual(predicates);
      }
    });
  });

  it.each<[string, PageOptions]>([
    ['no items', { limit: 0 }],
    ['too many items', { limit: 1001 }],
    ['half an item', { limit: 1.5 }],
    ['a place that no page has named', { after: 'zz' }],
  ])('is refused for %s', async (_, page) => {
    await withDatabase(async (db) => {
      const refused = { code: 'STEME_PAGE_INVALID' };
      await expect(db.list({ subject: 'Tesla' }, page)).rejects.toMatchObject(refused);
      await expect(db.quarantined(page)).rejects.toMatchObject(refused);
    });
  });
});

async function pages<T>(
  ask: (
    page: PageOptions,
  ) =>
    ReturnType<StemeDB['list' | 'predicates']> | Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = (await ask(after === undefined ? {} : { after })) as {
      items: readonly T[];
      next: string | undefined;
    };
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}
