import { describe, expect, it } from 'vitest';
import { StemeDB } from '../engine/index.ts';
import { arenaRun } from './arena-run.test-support.ts';
import { makeAgents } from './index.ts';
import { shortIdentity } from './short-identity.ts';

const hash = Uint8Array.from({ length: 32 }, () => 0xff);

describe('a short identity', () => {
  it.each([
    [0, 0, 0x00],
    [1, 0, 0x80],
    [7, 0, 0xfe],
    [8, 1, 0x00],
    [11, 1, 0xe0],
    [256, 32, 0x00],
  ])('keeps the first %d bits', (bits, whole, partial) => {
    const short = shortIdentity(bits)(hash);
    const expected = new Uint8Array(32);
    expected.fill(0xff, 0, whole);
    if (whole < 32) expected[whole] = partial;
    expect(short).toEqual(expected);
    expect(hash.every((byte) => byte === 0xff)).toBe(true);
  });

  it('makes a database refuse what has the identity of something else, and merge nothing', async () => {
    const { failure } = await arenaRun({ collisions: { bits: 0 } }, async (context) => {
      const process = context.machine('node-1').boot();
      const [agent] = makeAgents(context.signatures, 1);
      const content = {
        subject: 'Tesla',
        predicate: 'revenue',
        lifecycle: 'proposed',
        confidence: 1,
        timestamp: 1,
      } as const;
      const first = agent!.sign({ ...content, object: { type: 'number', value: 1 } });
      const second = agent!.sign({ ...content, object: { type: 'number', value: 2 } });
      await process.call('live', async () => {
        const db = await StemeDB.open(process.ports, {
          directory: '/data',
          identityOf: context.identityOf,
        });
        const receipt = await db.submit(first);
        await db.waitUntilOffset(receipt.endOffset);
        await expect(db.submit(second)).rejects.toMatchObject({ code: 'STEME_HASH_COLLISION' });
        expect(db.durableOffset).toBe(receipt.endOffset);
        expect((await db.submit(first)).hash).toEqual(receipt.hash);
        expect(await db.get(receipt.hash)).toEqual(first);
        await db.close();
      });
    });
    expect(failure).toBeUndefined();
  });
});
