import { describe, expect, it } from 'vitest';
import { decodeCounter, encodeCounter, type Operation } from '../kv/index.ts';
import { assertionHash, type Hash, voteCountKey, voteWeightKey } from '../model/index.ts';
import { claimNumber, damages, Laboratory } from './verify.test-support.ts';

/** The first claim of a laboratory has a vote, of weight 1.5. */
const hash = assertionHash(claimNumber(0));

describe('examineDatabase, on votes', () => {
  it.each<[string, (hash: Hash) => Uint8Array, bigint]>([
    ['count', voteCountKey, 1n],
    ['weight', voteWeightKey, 1_500_000n],
  ])('finds a %s that lost an update, or has one too many', async (what, keyOf, sum) => {
    const laboratory = await Laboratory.create(20);
    for (const wrong of [sum - 1n, sum + 1n]) {
      const damage: Operation = { type: 'put', key: keyOf(hash), value: encodeCounter(wrong) };
      await laboratory.withStore(async (store) => {
        expect(decodeCounter((await store.get(keyOf(hash)))!)).toBeDefined();
        await store.batch([damage]);
      });
      const reasons = damages((await laboratory.examine()).findings).map(({ reason }) => reason);
      expect(reasons).toContainEqual(
        expect.stringMatching(new RegExp(`^the ${what} of the votes on .* add up to ${sum}$`)),
      );
    }
  });
});
