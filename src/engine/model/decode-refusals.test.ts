import { describe, expect, it } from 'vitest';
import { decodeAssertion, encodeAssertion } from './assertion-codec.ts';
import { DECODE_CODES } from './codes.ts';
import { decodeRecord } from './record.ts';
import type { Assertion, ObjectValue } from './types.ts';
import { decodeVote, encodeVote } from './vote-codec.ts';

const signers = [1, 2].map((byte) => ({
  agentId: new Uint8Array(32).fill(byte),
  signature: new Uint8Array(64).fill(byte),
}));

function assertion(object: ObjectValue, more: Partial<Assertion> = {}): Uint8Array {
  return encodeAssertion({
    subject: 'ab',
    predicate: 'cd',
    object,
    lifecycle: 'proposed',
    confidence: 0.5,
    timestamp: 7,
    signatures: signers,
    ...more,
  });
}

const number = assertion({ type: 'number', value: 1 });
const boolean = assertion({ type: 'boolean', value: true });
const text = assertion({ type: 'text', value: '€€€' });
const reference = assertion({ type: 'reference', value: 'x' });
const withEpoch = assertion({ type: 'boolean', value: true }, { epoch: 1 });
const vote = encodeVote({
  assertionHash: new Uint8Array(32),
  agentId: new Uint8Array(32).fill(1),
  weightMillionths: 1,
  timestamp: 1,
  signature: new Uint8Array(64),
});

// Offsets in the records above; see assertion-codec.ts, content-codec.ts and vote-codec.ts.
const COUNT = 2;
const FLAGS = 3;
const LIFECYCLE = 4;
const OBJECT_TYPE = 5;
const CONFIDENCE = 6;
const TIMESTAMP = 14;
const EPOCH = 22;
const SUBJECT = 22;
const PREDICATE = 26;
const OBJECT = 30;

/** A copy of `bytes` in which `patch` lies at `offset`. */
function patched(bytes: Uint8Array, offset: number, ...patch: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(patch, offset);
  return copy;
}

function f64(value: number): number[] {
  return [...new Uint8Array(new Float64Array([value]).buffer)];
}

const TOO_LARGE = [0, 0, 0, 0, 0, 0, 0x20, 0]; // 2^53

const refusals: readonly (readonly [claim: string, bytes: Uint8Array, code: string, offset: number])[] = [
  ['no bytes', new Uint8Array(0), 'STEME_DECODE_TRUNCATED', 0],
  ['a kind that is unknown', patched(number, 0, 0x42), 'STEME_DECODE_KIND', 0],
  ['the version before', patched(number, 1, 1), 'STEME_DECODE_VERSION', 1],
  ['the version after', patched(vote, 1, 3), 'STEME_DECODE_VERSION', 1],
  ['no signatures', patched(number, COUNT, 0), 'STEME_DECODE_SIGNATURE_COUNT', COUNT],
  ['17 signatures', patched(number, COUNT, 17), 'STEME_DECODE_SIGNATURE_COUNT', COUNT],
  ['a flag without meaning', patched(number, FLAGS, 8), 'STEME_DECODE_FLAGS', FLAGS],
  ['a sixth lifecycle', patched(number, LIFECYCLE, 5), 'STEME_DECODE_LIFECYCLE', LIFECYCLE],
  ['a fifth object type', patched(number, OBJECT_TYPE, 4), 'STEME_DECODE_OBJECT_TYPE', OBJECT_TYPE],
  ['a confidence above one', patched(number, CONFIDENCE, ...f64(1.1)), 'STEME_DECODE_NUMBER', CONFIDENCE],
  ['a confidence below zero', patched(number, CONFIDENCE, ...f64(-0.1)), 'STEME_DECODE_NUMBER', CONFIDENCE],
  ['a confidence of -0', patched(number, CONFIDENCE, ...f64(-0)), 'STEME_DECODE_NUMBER', CONFIDENCE],
  ['a number that is none', patched(number, OBJECT, ...f64(Number.NaN)), 'STEME_DECODE_NUMBER', OBJECT],
  ['an infinite number', patched(number, OBJECT, ...f64(-Infinity)), 'STEME_DECODE_NUMBER', OBJECT],
  ['a number of -0', patched(number, OBJECT, ...f64(-0)), 'STEME_DECODE_NUMBER', OBJECT],
  ['a timestamp of 2^53', patched(number, TIMESTAMP, ...TOO_LARGE), 'STEME_DECODE_INTEGER', TIMESTAMP],
  ['an epoch of 2^53', patched(withEpoch, EPOCH, ...TOO_LARGE), 'STEME_DECODE_INTEGER', EPOCH],
  ['an empty subject', patched(number, SUBJECT, 0), 'STEME_DECODE_LENGTH', SUBJECT],
  ['a subject of 1,025 bytes', patched(number, SUBJECT, 1, 4), 'STEME_DECODE_LENGTH', SUBJECT],
  ['an empty predicate', patched(number, PREDICATE, 0), 'STEME_DECODE_LENGTH', PREDICATE],
  ['an empty reference', patched(reference, OBJECT, 0), 'STEME_DECODE_LENGTH', OBJECT],
  ['a text of 65,537 bytes', patched(text, OBJECT, 1, 0, 1), 'STEME_DECODE_LENGTH', OBJECT],
  ['a text of 4 GiB', patched(text, OBJECT, 255, 255, 255, 255), 'STEME_DECODE_LENGTH', OBJECT],
  ['a text that goes on', patched(text, OBJECT, 0, 1), 'STEME_DECODE_TRUNCATED', OBJECT + 4],
  ['a stray continuation byte', patched(text, OBJECT + 4, 0x80), 'STEME_DECODE_UTF8', OBJECT + 4],
  ['an overlong character', patched(text, OBJECT + 4, 0xc0, 0x80), 'STEME_DECODE_UTF8', OBJECT + 4],
  ['half a surrogate pair', patched(text, OBJECT + 4, 0xed, 0xa0, 0x80), 'STEME_DECODE_UTF8', OBJECT + 4],
  ['a character cut short', patched(text, OBJECT + 10, 0x61, 0xe2, 0x82), 'STEME_DECODE_UTF8', OBJECT + 4],
  ['a boolean of two', patched(boolean, OBJECT, 2), 'STEME_DECODE_BOOLEAN', OBJECT],
  [
    'agents in descending order',
    patched(boolean, OBJECT + 1, 3),
    'STEME_DECODE_SIGNATURE_ORDER',
    OBJECT + 97,
  ],
  [
    'an agent twice',
    patched(boolean, OBJECT + 1, ...new Uint8Array(32).fill(2)),
    'STEME_DECODE_SIGNATURE_ORDER',
    OBJECT + 97,
  ],
  ['a byte too many', Uint8Array.of(...number, 0), 'STEME_DECODE_TRAILING', number.length],
  ['a byte too few', number.subarray(0, -1), 'STEME_DECODE_TRUNCATED', number.length - 64],
  ['more than a record may have', new Uint8Array(2 ** 20 + 1).fill(0x41), 'STEME_DECODE_TOO_LONG', 2 ** 20],
  ['a vote with a byte too many', Uint8Array.of(...vote, 0), 'STEME_DECODE_TRAILING', vote.length],
  ['a vote with a byte too few', vote.subarray(0, -1), 'STEME_DECODE_TRUNCATED', vote.length - 64],
  ['a weight above 10^15', patched(vote, 66, 1, 0x80, 0xc6, 0xa4, 0x7e, 0x8d, 3), 'STEME_DECODE_INTEGER', 66],
  ['a vote at 2^53', patched(vote, 74, ...TOO_LARGE), 'STEME_DECODE_INTEGER', 74],
];

describe('decoding', () => {
  it.each(refusals)('refuses %s, and says where', (_, bytes, code, offset) => {
    expect(() => decodeRecord(bytes)).toThrow(expect.objectContaining({ name: 'DecodeError', code, offset }));
  });

  it('has a case above for every code', () => {
    const codes = new Set(refusals.map(([, , code]) => code));
    expect([...codes].toSorted()).toEqual(Object.keys(DECODE_CODES).toSorted());
  });

  it('accepts the records that the cases above are made from', () => {
    for (const bytes of [number, boolean, text, reference, withEpoch, vote]) {
      expect(() => decodeRecord(bytes)).not.toThrow();
    }
  });

  it('refuses every beginning of a record', () => {
    for (const bytes of [text, withEpoch, vote]) {
      for (let length = 0; length < bytes.length; length += 1) {
        expect(() => decodeRecord(bytes.subarray(0, length))).toThrow(
          expect.objectContaining({ code: 'STEME_DECODE_TRUNCATED' }),
        );
      }
    }
  });

  it('takes no vote for an assertion, and no assertion for a vote', () => {
    const kind = expect.objectContaining({ code: 'STEME_DECODE_KIND', offset: 0 });
    expect(() => decodeAssertion(vote)).toThrow(kind);
    expect(() => decodeVote(number)).toThrow(kind);
    expect(decodeRecord(vote)).toEqual({ kind: 'vote', vote: decodeVote(vote) });
    expect(decodeRecord(number)).toEqual({ kind: 'assertion', assertion: decodeAssertion(number) });
  });
});
