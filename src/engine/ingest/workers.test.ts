import { describe, expect, it } from 'vitest';
import type { Ports, Signatures } from '../../ports/index.ts';
import { assertionHash, signAssertion } from '../model/index.ts';
import { nodeSignatures } from '../../crypto/index.ts';
import { StemeDB } from '../stemedb.ts';
import {
  claimOf,
  removeStore,
  secretKey,
  settle,
  smallConfig,
  voteFor,
  withPorts,
} from '../stemedb.test-support.ts';

/** Verifying takes as long as the first byte of the signature says, so that workers overtake each other. */
function slowSignatures(ports: Ports): { signatures: Signatures; mostAtOnce: () => number } {
  let atOnce = 0;
  let mostAtOnce = 0;
  const signatures: Signatures = {
    ...ports.signatures,
    publicKey: (key) => ports.signatures.publicKey(key),
    sign: (message, key) => ports.signatures.sign(message, key),
    verify: (...args) => ports.signatures.verify(...args),
    async verifyAside(signature, message, publicKey) {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await ports.clock.sleep(1 + ((signature[0] ?? 0) % 40));
      atOnce -= 1;
      return ports.signatures.verify(signature, message, publicKey);
    },
  };
  return { signatures, mostAtOnce: () => mostAtOnce };
}

describe('ingest with several workers', () => {
  it('verifies beside each other, and takes effect in the order of the log', async () => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      await withPorts(async (ports) => {
        const config = { ...smallConfig, ingest: { workers: 4, batchRecordsMax: 1 } };
        const writer = await StemeDB.open(ports, { ...config, ingest: { workers: 1 } });
        const claims = Array.from({ length: 12 }, (_, timestamp) => claimOf({ timestamp }));
        for (const claim of claims) {
          await writer.submit(claim);
          // The same content by others: the first in the log is the one that stays.
          await writer.submit(signAssertion(claim, [secretKey(1), secretKey(2)], nodeSignatures));
          await writer.vote(voteFor(claim, 1, 3));
        }
        await writer.close();

        // Another machine's disk would do: the store is gone, the log is not.
        await removeStore(ports);
        const slow = slowSignatures(ports);
        const db = await StemeDB.open({ ...ports, signatures: slow.signatures }, config);
        await settle(db);
        expect(slow.mostAtOnce()).toBeGreaterThan(1);
        for (const claim of claims) {
          expect((await db.get(assertionHash(claim)))?.signatures).toHaveLength(1);
          expect(await db.tally(assertionHash(claim))).toEqual({ count: 1, weightMillionths: 1_000_000n });
        }
        await db.close();
      }, seed);
    }
  });

  it.each([0, 65, 1.5, Number.NaN])('is refused with %d workers', async (workers) => {
    await withPorts(async (ports) => {
      await expect(StemeDB.open(ports, { ...smallConfig, ingest: { workers } })).rejects.toThrow(RangeError);
    });
  });
});
