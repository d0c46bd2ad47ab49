import { describe, expect, it } from 'vitest';
import { withFailingReads } from '../failing-reads.test-support.ts';
import type { KeyValueReader } from '../kv/index.ts';
import {
  assertionHash,
  assertionKey,
  encodeAssertion,
  encodeVote,
  haveSameContent,
  signAssertion,
  voteHash,
  voteKey,
} from '../model/index.ts';
import { nodeSignatures } from '../../crypto/index.ts';
import { StemeDB } from '../stemedb.ts';
import {
  claimOf,
  secretKey,
  settle,
  smallConfig,
  voteFor,
  withPorts,
  withStore,
} from '../stemedb.test-support.ts';
import { Effects } from './effects.ts';

/*
 * Nobody knows two contents of one BLAKE3 hash. So one is put in the place of another, as if it had the hash of
 * that, and the other comes by the ordinary way.
 */

const claim = claimOf({ timestamp: 1 });
const otherClaim = claimOf({ timestamp: 2 });
const hash = assertionHash(claim);
const vote = voteFor(claim, 1, 2);
const otherVote = voteFor(claim, 3, 2);
const claimRecord = { offset: 7, body: encodeAssertion(claim) };
const voteRecord = { offset: 8, body: encodeVote(vote) };

const emptyStore: KeyValueReader = {
  get: async () => undefined,
  scan: () => expect.unreachable('ingest looks up what it needs'),
};

describe('of two contents with one hash', () => {
  it('the second is refused before it is written, when the first is in the store', async () => {
    await withPorts(async (ports) => {
      await (await StemeDB.open(ports, smallConfig)).close();
      await withStore(ports, async (store) => {
        await store.batch([
          { type: 'put', key: assertionKey(hash), value: encodeAssertion(otherClaim) },
          { type: 'put', key: voteKey(hash, voteHash(vote)), value: encodeVote(otherVote) },
        ]);
      });
      const db = await StemeDB.open(ports, smallConfig);
      const refused = { code: 'STEME_HASH_COLLISION' };
      await expect(db.submit(claim)).rejects.toMatchObject(refused);
      await expect(db.vote(vote)).rejects.toMatchObject(refused);
      expect(db.durableOffset).toBe(0);
      await db.close();
    });
  });

  it('the second goes to quarantine, when it was acknowledged before the store had, or showed, the first', async () => {
    await withPorts(async (ports) => {
      let fails = false;
      const failing = withFailingReads(ports, '/kv/run-', () => fails);
      const config = { ...smallConfig, kv: { blockCacheBytes: 0 }, views: { lenses: [] } };
      await (await StemeDB.open(ports, config)).close();
      await withStore(ports, async (store) => {
        await store.batch([
          { type: 'put', key: assertionKey(hash), value: encodeAssertion(otherClaim) },
          { type: 'put', key: voteKey(hash, voteHash(vote)), value: encodeVote(otherVote) },
        ]);
        await store.flush();
      });
      const db = await StemeDB.open(failing, config);
      fails = true;
      const first = await db.submit(claim);
      const second = await db.vote(vote);
      fails = false;
      await settle(db);
      const { items } = await db.quarantined();
      expect(items).toEqual([
        { offset: first.offset, code: 'STEME_HASH_COLLISION', body: encodeAssertion(claim) },
        { offset: second.offset, code: 'STEME_HASH_COLLISION', body: encodeVote(vote) },
      ]);
      expect(await db.get(hash)).toEqual(otherClaim);
      expect(await db.tally(hash)).toEqual({ count: 0, weightMillionths: 0n });
      await db.close();
    });
  });

  it('the second goes to quarantine, when both are ingested in one batch', async () => {
    const effects = new Effects(emptyStore);
    const ingest = [
      [claimRecord, { kind: 'assertion', assertion: claim, hash }],
      [voteRecord, { kind: 'vote', vote, hash: voteHash(vote) }],
      [
        { offset: 9, body: encodeAssertion(otherClaim) },
        { kind: 'assertion', assertion: otherClaim, hash },
      ],
      [
        { offset: 10, body: encodeVote(otherVote) },
        { kind: 'vote', vote: otherVote, hash: voteHash(vote) },
      ],
      [claimRecord, { kind: 'assertion', assertion: claim, hash }],
      [voteRecord, { kind: 'vote', vote, hash: voteHash(vote) }],
    ] as const;
    const outcomes = [];
    for (const [record, judged] of ingest) outcomes.push(await effects.add(record, judged));
    expect(outcomes).toEqual(['stored', 'stored', 'quarantined', 'quarantined', 'duplicate', 'duplicate']);
  });
});

describe('content is the same', () => {
  it('whoever signs it, and however many do', () => {
    const twice = signAssertion(claim, [secretKey(3), secretKey(4)], nodeSignatures);
    expect(haveSameContent(encodeAssertion(claim), encodeAssertion(twice))).toBe(true);
    const resigned = { ...vote, signature: otherVote.signature };
    expect(haveSameContent(encodeVote(vote), encodeVote(resigned))).toBe(true);
  });

  it('unless a field is another, or one is a claim and the other a vote, or is cut short', () => {
    expect(haveSameContent(claimRecord.body, encodeAssertion(otherClaim))).toBe(false);
    expect(haveSameContent(voteRecord.body, encodeVote(otherVote))).toBe(false);
    expect(haveSameContent(claimRecord.body, voteRecord.body)).toBe(false);
    for (let length = 0; length < claimRecord.body.length; length++) {
      expect(haveSameContent(claimRecord.body.subarray(0, length), claimRecord.body)).toBe(false);
    }
  });
});
