import { invariant } from '../errors.ts';
import { decodeCounter, type KeyValueReader } from '../kv/index.ts';
import type { VoteTally } from '../lens/index.ts';
import { decodeVote, type Hash, voteCountKey, votePrefix, voteWeightKey } from '../model/index.ts';

/** The votes on an assertion, those that came before the assertion itself included. */
export async function readTally(store: KeyValueReader, assertion: Hash): Promise<VoteTally> {
  const count = await readCounter(store, voteCountKey(assertion));
  if (count === 0n) return { count: 0, weightMillionths: 0n };
  return { count: Number(count), weightMillionths: await readCounter(store, voteWeightKey(assertion)) };
}

/** As `readTally`, of the votes whose own timestamp is at most `asOf`. Reads every vote. */
export async function tallyAsOf(store: KeyValueReader, assertion: Hash, asOf: number): Promise<VoteTally> {
  let count = 0;
  let weightMillionths = 0n;
  for await (const { value } of store.scan({ prefix: votePrefix(assertion) })) {
    const vote = decodeVote(value);
    if (vote.timestamp > asOf) continue;
    count += 1;
    weightMillionths += BigInt(vote.weightMillionths);
  }
  return { count, weightMillionths };
}

async function readCounter(store: KeyValueReader, key: Uint8Array): Promise<bigint> {
  const value = await store.get(key);
  if (value === undefined) return 0n;
  const counter = decodeCounter(value);
  invariant(counter !== undefined && counter >= 0n, 'a sum of votes is a counter');
  return counter;
}
