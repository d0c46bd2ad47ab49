import { blake3 as reference } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '../../../fixtures/format/v2/model-votes.json' with { type: 'json' };
import { fromHex, toHex } from '../../crypto/index.ts';
import { DecodeError } from './errors.ts';
import { damaged, votes } from './model.test-support.ts';
import { decodeVote, encodeVote, voteHash } from './vote-codec.ts';
import { voteFromJson } from './vote-json.ts';

describe('the encoding of votes', () => {
  it.each(golden)('is that of the golden file: $name', ({ vote, encoded, hash }) => {
    const decoded = voteFromJson(vote);
    expect(toHex(encodeVote(decoded))).toBe(encoded);
    expect(decodeVote(fromHex(encoded)!)).toEqual(decoded);
    expect(toHex(voteHash(decoded))).toBe(hash);
  });

  it('comes back as it went', () => {
    fc.assert(
      fc.property(votes, (vote) => {
        expect(decodeVote(encodeVote(vote))).toEqual(vote);
      }),
    );
  });

  it('is refused, or is canonical, for honest bytes that were damaged', () => {
    fc.assert(
      fc.property(damaged(votes.map(encodeVote)), (bytes) => {
        expect(['refused', bytes]).toContainEqual(encodedAgain(bytes));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the hash of a vote', () => {
  it('is that of tag, version and content, and not of the signature', () => {
    fc.assert(
      fc.property(votes, (vote) => {
        const tag = new TextEncoder().encode('stemedb/vote/content\0\u0002');
        const content = encodeVote(vote).subarray(2, 82);
        expect(voteHash(vote)).toEqual(reference(Uint8Array.of(...tag, ...content)));
      }),
    );
  });
});

function encodedAgain(bytes: Uint8Array): Uint8Array | 'refused' {
  try {
    return encodeVote(decodeVote(bytes));
  } catch (error) {
    if (error instanceof DecodeError) return 'refused';
    throw error;
  }
}
