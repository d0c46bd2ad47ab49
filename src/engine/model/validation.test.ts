import { describe, expect, it } from 'vitest';
import { nodeSignatures } from '../../crypto/index.ts';
import { assertionHash, encodeAssertion, validateAssertion, validateContent } from './assertion-codec.ts';
import { signAssertion, signVote, verifyAssertion, verifyVote } from './signing.ts';
import type { Assertion, Vote } from './types.ts';
import { encodeVote, validateVote, validateVoteContent, voteHash } from './vote-codec.ts';

const signer = { agentId: new Uint8Array(32).fill(1), signature: new Uint8Array(64) };

const assertion: Assertion = {
  subject: 'Tesla',
  predicate: 'revenue',
  object: { type: 'number', value: 96.7 },
  lifecycle: 'proposed',
  confidence: 0.9,
  timestamp: 1_700_000_000_000,
  signatures: [signer],
};

const vote: Vote = {
  assertionHash: new Uint8Array(32),
  agentId: new Uint8Array(32),
  weightMillionths: 1_000_000,
  timestamp: 1_700_000_000_000,
  signature: new Uint8Array(64),
};

type Fields = Readonly<Record<string, unknown>>;
type Refusal = readonly [claim: string, change: Fields, code: string, field: string];

const object = (type: string, value: unknown): Fields => ({ object: { type, value } });
const lone = '\uDC00\uD800';

const contentRefusals: readonly Refusal[] = [
  ['an empty subject', { subject: '' }, 'STEME_SUBJECT_EMPTY', 'subject'],
  ['a subject of 1,025 bytes', { subject: 'a'.repeat(1025) }, 'STEME_SUBJECT_TOO_LONG', 'subject'],
  [
    'a subject of 1,026 bytes in 342 characters',
    { subject: '€'.repeat(342) },
    'STEME_SUBJECT_TOO_LONG',
    'subject',
  ],
  ['half a pair in the subject', { subject: lone }, 'STEME_TEXT_UNPAIRED_SURROGATE', 'subject'],
  ['no subject', { subject: undefined }, 'STEME_FIELD_TYPE', 'subject'],
  ['an empty predicate', { predicate: '' }, 'STEME_PREDICATE_EMPTY', 'predicate'],
  ['a predicate of 1,025 bytes', { predicate: 'a'.repeat(1025) }, 'STEME_PREDICATE_TOO_LONG', 'predicate'],
  ['half a pair in the predicate', { predicate: 'a\uD800b' }, 'STEME_TEXT_UNPAIRED_SURROGATE', 'predicate'],
  ['no object', { object: undefined }, 'STEME_OBJECT_TYPE', 'object'],
  ['an object of an unknown type', object('date', 1), 'STEME_OBJECT_TYPE', 'object'],
  ['an object whose type every object has', object('toString', 1), 'STEME_OBJECT_TYPE', 'object'],
  ['a number as text', object('text', 1), 'STEME_FIELD_TYPE', 'object.text'],
  ['half a pair in a text', object('text', lone), 'STEME_TEXT_UNPAIRED_SURROGATE', 'object.text'],
  ['a text of 65,537 bytes', object('text', 'a'.repeat(65_537)), 'STEME_TEXT_TOO_LONG', 'object.text'],
  ['a text as number', object('number', '1'), 'STEME_FIELD_TYPE', 'object.number'],
  ['NaN', object('number', Number.NaN), 'STEME_NUMBER_NAN', 'object.number'],
  ['infinity', object('number', Infinity), 'STEME_NUMBER_INFINITE', 'object.number'],
  ['zero as boolean', object('boolean', 0), 'STEME_FIELD_TYPE', 'object.boolean'],
  ['an empty reference', object('reference', ''), 'STEME_REFERENCE_EMPTY', 'object.reference'],
  ['a long reference', object('reference', 'a'.repeat(1025)), 'STEME_REFERENCE_TOO_LONG', 'object.reference'],
  ['a short parent', { parentHash: new Uint8Array(31) }, 'STEME_HASH_LENGTH', 'parentHash'],
  ['a parent in hex', { parentHash: '00'.repeat(32) }, 'STEME_FIELD_TYPE', 'parentHash'],
  ['a long source', { sourceHash: new Uint8Array(33) }, 'STEME_HASH_LENGTH', 'sourceHash'],
  ['a negative epoch', { epoch: -1 }, 'STEME_EPOCH_OUT_OF_RANGE', 'epoch'],
  ['an epoch of 2^53', { epoch: 2 ** 53 }, 'STEME_EPOCH_OUT_OF_RANGE', 'epoch'],
  ['half an epoch', { epoch: 0.5 }, 'STEME_EPOCH_NOT_INTEGER', 'epoch'],
  ['a lifecycle in capitals', { lifecycle: 'Proposed' }, 'STEME_LIFECYCLE_UNKNOWN', 'lifecycle'],
  ['no lifecycle', { lifecycle: undefined }, 'STEME_LIFECYCLE_UNKNOWN', 'lifecycle'],
  [
    'a confidence above one',
    { confidence: 1.0000000000000002 },
    'STEME_CONFIDENCE_OUT_OF_RANGE',
    'confidence',
  ],
  ['a confidence below zero', { confidence: -5e-324 }, 'STEME_CONFIDENCE_OUT_OF_RANGE', 'confidence'],
  ['a confidence of NaN', { confidence: Number.NaN }, 'STEME_NUMBER_NAN', 'confidence'],
  ['an infinite confidence', { confidence: -Infinity }, 'STEME_NUMBER_INFINITE', 'confidence'],
  ['a confidence in letters', { confidence: '0.9' }, 'STEME_FIELD_TYPE', 'confidence'],
  ['a timestamp of 2^53', { timestamp: 2 ** 53 }, 'STEME_TIMESTAMP_OUT_OF_RANGE', 'timestamp'],
  ['a negative timestamp', { timestamp: -1 }, 'STEME_TIMESTAMP_OUT_OF_RANGE', 'timestamp'],
  ['half a millisecond', { timestamp: 0.5 }, 'STEME_TIMESTAMP_NOT_INTEGER', 'timestamp'],
  ['a timestamp of NaN', { timestamp: Number.NaN }, 'STEME_NUMBER_NAN', 'timestamp'],
];

const signers = (...agents: number[]): Fields => ({
  signatures: agents.map((byte) => ({
    agentId: new Uint8Array(32).fill(byte),
    signature: new Uint8Array(64),
  })),
});

const signatureRefusals: readonly Refusal[] = [
  ['no signatures', { signatures: [] }, 'STEME_SIGNATURES_NONE', 'signatures'],
  ['signatures that are no array', { signatures: undefined }, 'STEME_FIELD_TYPE', 'signatures'],
  ['17 signatures', signers(...Array(17).keys()), 'STEME_SIGNATURES_TOO_MANY', 'signatures'],
  ['an agent twice', signers(1, 2, 1), 'STEME_SIGNER_DUPLICATE', 'signatures'],
  ['a signer that is null', { signatures: [null] }, 'STEME_FIELD_TYPE', 'signatures[0]'],
  [
    'a short agent',
    { signatures: [signer, { ...signer, agentId: new Uint8Array(31) }] },
    'STEME_AGENT_ID_LENGTH',
    'signatures[1].agentId',
  ],
  [
    'a long signature',
    { signatures: [{ ...signer, signature: new Uint8Array(65) }] },
    'STEME_SIGNATURE_LENGTH',
    'signatures[0].signature',
  ],
];

const voteRefusals: readonly Refusal[] = [
  ['a negative weight', { weightMillionths: -1 }, 'STEME_WEIGHT_NEGATIVE', 'weight'],
  ['a fraction of a millionth', { weightMillionths: 0.5 }, 'STEME_WEIGHT_TOO_PRECISE', 'weight'],
  ['a weight above 10^15', { weightMillionths: 1e15 + 1 }, 'STEME_WEIGHT_TOO_GREAT', 'weight'],
  ['a weight of NaN', { weightMillionths: Number.NaN }, 'STEME_NUMBER_NAN', 'weight'],
  ['an infinite weight', { weightMillionths: Infinity }, 'STEME_NUMBER_INFINITE', 'weight'],
  ['a short hash', { assertionHash: new Uint8Array(0) }, 'STEME_HASH_LENGTH', 'assertionHash'],
  ['a long agent', { agentId: new Uint8Array(64) }, 'STEME_AGENT_ID_LENGTH', 'agentId'],
  ['a timestamp of 2^53', { timestamp: 2 ** 53 }, 'STEME_TIMESTAMP_OUT_OF_RANGE', 'timestamp'],
];

/** As if typed callers could hand anything in, which callers in plain JavaScript can. */
function changed<Value>(value: Value, change: Fields): Value {
  return { ...value, ...change };
}

const secretKey = new Uint8Array(32).fill(9);

describe('assertions', () => {
  it.each(contentRefusals)('with %s have no bytes, no hash and no signature', (_, change, code, field) => {
    const bad = changed(assertion, change);
    const refusal = expect.objectContaining({ name: 'ValidationError', code, field });
    expect(() => validateContent(bad)).toThrow(refusal);
    expect(() => validateAssertion(bad)).toThrow(refusal);
    expect(() => encodeAssertion(bad)).toThrow(refusal);
    expect(() => assertionHash(bad)).toThrow(refusal);
    expect(() => signAssertion(bad, [secretKey], nodeSignatures)).toThrow(refusal);
    expect(() => verifyAssertion(bad, nodeSignatures)).toThrow(refusal);
  });

  it.each(signatureRefusals)('with %s have no bytes and are not verified', (_, change, code, field) => {
    const bad = changed(assertion, change);
    const refusal = expect.objectContaining({ name: 'ValidationError', code, field });
    expect(() => validateAssertion(bad)).toThrow(refusal);
    expect(() => encodeAssertion(bad)).toThrow(refusal);
    expect(() => verifyAssertion(bad, nodeSignatures)).toThrow(refusal);
  });

  it.each([
    ['a subject of 1,024 bytes', { subject: '€'.repeat(341) + 'a' }],
    ['NUL alone', { subject: '\0', predicate: '\0' }],
    ['a text of 65,536 bytes', object('text', 'a'.repeat(65_536))],
    ['an empty text', object('text', '')],
    ['the greatest double', object('number', -Number.MAX_VALUE)],
    ['a whole surrogate pair', { subject: '\u{10FFFF}' }],
    ['no confidence at all', { confidence: 0 }],
    ['full confidence', { confidence: 1 }],
    ['the last timestamp', { timestamp: 2 ** 53 - 1 }],
    ['the first', { timestamp: 0 }],
    [
      'optional fields that are undefined',
      { epoch: undefined, parentHash: undefined, sourceHash: undefined },
    ],
  ])('may have %s', (_, change) => {
    expect(() => validateAssertion(changed(assertion, change))).not.toThrow();
  });

  it('are not signed by nobody, by too many, or by one agent twice', () => {
    const keys = Array.from({ length: 17 }, (_, index) => new Uint8Array(32).fill(index));
    const signed =
      (...secretKeys: Uint8Array[]) =>
      () =>
        signAssertion(assertion, secretKeys, nodeSignatures);
    expect(signed()).toThrow(expect.objectContaining({ code: 'STEME_SIGNATURES_NONE' }));
    expect(signed(...keys)).toThrow(expect.objectContaining({ code: 'STEME_SIGNATURES_TOO_MANY' }));
    expect(signed(secretKey, secretKey)).toThrow(expect.objectContaining({ code: 'STEME_SIGNER_DUPLICATE' }));
  });
});

describe('votes', () => {
  it.each(voteRefusals)('with %s have no bytes, no hash and no signature', (_, change, code, field) => {
    const bad = changed(vote, change);
    const refusal = expect.objectContaining({ name: 'ValidationError', code, field });
    expect(() => validateVoteContent(bad)).toThrow(refusal);
    expect(() => validateVote(bad)).toThrow(refusal);
    expect(() => encodeVote(bad)).toThrow(refusal);
    expect(() => voteHash(bad)).toThrow(refusal);
    expect(() => verifyVote(bad, nodeSignatures)).toThrow(refusal);
  });

  it('with a weight of -1 are not signed', () => {
    expect(() => signVote(changed(vote, { weightMillionths: -1 }), secretKey, nodeSignatures)).toThrow(
      expect.objectContaining({ code: 'STEME_WEIGHT_NEGATIVE' }),
    );
  });

  it('with a signature of 63 bytes have no bytes and are not verified', () => {
    const bad = changed(vote, { signature: new Uint8Array(63) });
    const refusal = expect.objectContaining({ code: 'STEME_SIGNATURE_LENGTH', field: 'signature' });
    expect(() => encodeVote(bad)).toThrow(refusal);
    expect(() => verifyVote(bad, nodeSignatures)).toThrow(refusal);
  });

  it.each([
    ['no weight', { weightMillionths: 0 }],
    ['the greatest weight', { weightMillionths: 1e15 }],
  ])('may have %s', (_, change) => {
    expect(() => validateVote(changed(vote, change))).not.toThrow();
  });
});
