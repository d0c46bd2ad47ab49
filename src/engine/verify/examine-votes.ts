import { toHex } from '../../crypto/index.ts';
import type { Signatures } from '../../ports/index.ts';
import { compareBytes } from '../kv/bytes.ts';
import { decodeCounter, type KeyValueReader } from '../kv/index.ts';
import {
  decodeVote,
  encodeVote,
  type Hash,
  type IdentityOf,
  verifyVoteAside,
  voteCountKey,
  voteHash,
  votePrefix,
  voteWeightKey,
} from '../model/index.ts';
import { tried } from './tried.ts';

/** What is wrong with a stored vote. */
export async function examineVote(
  {
    store,
    signatures,
    identityOf,
  }: { readonly store: KeyValueReader; readonly signatures: Signatures; readonly identityOf: IdentityOf },
  key: { readonly assertionHash: Hash; readonly hash: Hash },
  bytes: Uint8Array,
): Promise<string[]> {
  const name = `vote ${toHex(key.hash)}`;
  const vote = tried(() => decodeVote(bytes));
  if (vote instanceof Error) return [`${name} cannot be decoded: ${vote.message}`];
  const flaws: string[] = [];
  if (compareBytes(encodeVote(vote), bytes) !== 0) flaws.push(`${name} is not in its canonical form`);
  if (compareBytes(identityOf(voteHash(vote)), key.hash) !== 0)
    flaws.push(`${name} stands under another hash`);
  if (compareBytes(vote.assertionHash, key.assertionHash) !== 0) {
    flaws.push(`${name} stands under another assertion`);
  }
  const verification = await verifyVoteAside(vote, signatures);
  if (!verification.ok) flaws.push(`${name} bears a wrong signature`);
  if ((await store.get(voteCountKey(key.assertionHash))) === undefined) flaws.push(`${name} is not counted`);
  return flaws;
}

/** Whether count and weight are what the votes on an assertion add up to. */
export async function examineSums(store: KeyValueReader, assertionHash: Hash): Promise<string[]> {
  let count = 0n;
  let weight = 0n;
  for await (const { value } of store.scan({ prefix: votePrefix(assertionHash) })) {
    const vote = tried(() => decodeVote(value));
    // It is reported where it stands, and nobody knows what it weighs.
    if (vote instanceof Error) return [];
    count += 1n;
    weight += BigInt(vote.weightMillionths);
  }
  const flaws: string[] = [];
  for (const [what, key, sum] of [
    ['count', voteCountKey(assertionHash), count],
    ['weight', voteWeightKey(assertionHash), weight],
  ] as const) {
    const bytes = await store.get(key);
    const stored = bytes && decodeCounter(bytes);
    if (stored === sum) continue;
    flaws.push(`the ${what} of the votes on ${toHex(assertionHash)} is ${stored}, and they add up to ${sum}`);
  }
  return flaws;
}
