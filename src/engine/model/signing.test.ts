import { describe, expect, it } from 'vitest';
import goldenAssertions from '../../../fixtures/format/v2/model-assertions.json' with { type: 'json' };
import goldenVotes from '../../../fixtures/format/v2/model-votes.json' with { type: 'json' };
import { nobleSignatures, nodeSignatures, toHex } from '../../crypto/index.ts';
import { assertionHash, decodeAssertion, encodeAssertion } from './assertion-codec.ts';
import { assertionFromJson } from './assertion-json.ts';
import { SignatureError } from './errors.ts';
import { signAssertion, signingMessage, signVote, verifyAssertion, verifyVote } from './signing.ts';
import type { AssertionContent, Vote } from './types.ts';
import { voteHash } from './vote-codec.ts';
import { voteFromJson } from './vote-json.ts';

const keys = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const [alice, bob] = keys as [Uint8Array, Uint8Array];

const content: AssertionContent = {
  subject: 'Tesla',
  predicate: 'revenue',
  object: { type: 'number', value: 96.7 },
  parentHash: new Uint8Array(32).fill(1),
  sourceHash: new Uint8Array(32).fill(2),
  epoch: 3,
  lifecycle: 'proposed',
  confidence: 0.9,
  timestamp: 1_700_000_000_000,
};

const assertion = signAssertion(content, [alice], nodeSignatures);

const voteContent = { assertionHash: assertionHash(content), weightMillionths: 1_500_000, timestamp: 5 };
const vote = signVote(voteContent, alice, nodeSignatures);

describe('a signed assertion', () => {
  it.each(goldenAssertions)('of the golden file is signed as it says: $name', (golden) => {
    const decoded = assertionFromJson(golden.assertion);
    const hash = assertionHash(decoded);
    expect(toHex(signingMessage({ kind: 'assertion', hash }))).toBe(golden.signingMessage);
    expect(verifyAssertion(decoded, nobleSignatures)).toEqual({ ok: true, hash });
  });

  it('is verified, and told its hash, also after it was stored', () => {
    const stored = decodeAssertion(encodeAssertion(assertion));
    expect(verifyAssertion(stored, nodeSignatures)).toEqual({ ok: true, hash: assertionHash(content) });
  });

  it('carries the signatures of all its agents, in the order of the agents', () => {
    const joint = signAssertion(content, keys, nodeSignatures);
    const reversed = signAssertion(content, keys.toReversed(), nodeSignatures);
    expect(joint).toEqual(reversed);
    expect(joint).toEqual(decodeAssertion(encodeAssertion(joint)));
    expect(verifyAssertion(joint, nodeSignatures)).toEqual({ ok: true, hash: assertionHash(content) });
  });

  it('replaces signatures that the content came with', () => {
    expect(signAssertion(assertion, [bob], nodeSignatures)).toEqual(
      signAssertion(content, [bob], nodeSignatures),
    );
  });

  it.each<[string, Partial<AssertionContent>]>([
    ['subject', { subject: 'Tesla ' }],
    ['predicate', { predicate: 'Revenue' }],
    ['object', { object: { type: 'number', value: 96.8 } }],
    ['parentHash', { parentHash: new Uint8Array(32).fill(9) }],
    ['sourceHash', { sourceHash: new Uint8Array(32).fill(9) }],
    ['epoch', { epoch: 4 }],
    ['lifecycle', { lifecycle: 'approved' }],
    ['confidence', { confidence: 0.91 }],
    ['timestamp', { timestamp: 1_700_000_000_001 }],
  ])('is not believed once its %s is another', (_, change) => {
    expect(verifyAssertion({ ...assertion, ...change }, nodeSignatures)).toEqual({
      ok: false,
      code: 'STEME_SIGNATURE_INVALID',
      agentId: nodeSignatures.publicKey(alice),
    });
  });

  it.each([0, 1, 2])('is not believed when agent %d of three did not sign, and names it', (forged) => {
    const { signatures, ...unsigned } = signAssertion(content, keys, nodeSignatures);
    const agentId = signatures[forged]!.agentId;
    // A signature that is good, but another agent's.
    const signature = signatures[(forged + 1) % 3]!.signature;
    const claimed = { ...unsigned, signatures: signatures.with(forged, { agentId, signature }) };
    expect(verifyAssertion(claimed, nodeSignatures)).toEqual({
      ok: false,
      code: 'STEME_SIGNATURE_INVALID',
      agentId,
    });
  });
});

describe('a signed vote', () => {
  it.each(goldenVotes)('of the golden file is signed as it says: $name', (golden) => {
    const decoded = voteFromJson(golden.vote);
    const hash = voteHash(decoded);
    expect(toHex(signingMessage({ kind: 'vote', hash }))).toBe(golden.signingMessage);
    expect(verifyVote(decoded, nobleSignatures)).toEqual({ ok: true, hash });
  });

  it.each<[string, Partial<Vote>]>([
    ['assertion', { assertionHash: new Uint8Array(32) }],
    ['weight', { weightMillionths: 1_500_001 }],
    ['timestamp', { timestamp: 6 }],
    ['agent', { agentId: nodeSignatures.publicKey(bob) }],
  ])('is not believed once its %s is another', (_, change) => {
    expect(verifyVote({ ...vote, ...change }, nodeSignatures)).toMatchObject({
      ok: false,
      code: 'STEME_SIGNATURE_INVALID',
    });
  });
});

describe('the signing message', () => {
  it('of a vote is never that of an assertion, nor the hash alone', () => {
    const hash = new Uint8Array(32);
    const messages = [
      signingMessage({ kind: 'assertion', hash }),
      signingMessage({ kind: 'vote', hash }),
      hash,
    ].map(toHex);
    expect(new Set(messages).size).toBe(3);
  });
});

describe('SignatureError', () => {
  it('names the agent and keeps the code', () => {
    const verification = { code: 'STEME_SIGNATURE_INVALID', agentId: new Uint8Array(32).fill(0xab) } as const;
    const error = new SignatureError(verification);
    expect(error).toMatchObject({ name: 'SignatureError', ...verification });
    expect(error.message).toContain('ab'.repeat(32));
  });
});
