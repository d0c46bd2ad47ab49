import type { Operation } from '../kv/index.ts';
import { type Vote, voteCountKey, voteKey, voteWeightKey } from '../model/index.ts';

/**
 * What a vote that is not stored yet changes. The sums are increments that the store applies when the batch
 * is written, so that nobody reads a sum in order to write it.
 */
export function voteOperations(vote: Vote, hash: Uint8Array, encoded: Uint8Array): readonly Operation[] {
  const { assertionHash, weightMillionths } = vote;
  return [
    { type: 'put', key: voteKey(assertionHash, hash), value: encoded },
    { type: 'increment', key: voteCountKey(assertionHash), delta: 1 },
    { type: 'increment', key: voteWeightKey(assertionHash), delta: weightMillionths },
  ];
}
