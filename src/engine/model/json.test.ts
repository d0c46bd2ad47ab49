import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertionFromJson, assertionToJson, contentFromJson, contentToJson } from './assertion-json.ts';
import { assertions, contents, votes } from './model.test-support.ts';
import { voteContentFromJson, voteFromJson, voteToJson } from './vote-json.ts';

/** To text and back, as a client would send it. */
function sent(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const content = { subject: 'Tesla', predicate: 'revenue', object: 96.7, confidence: 1, timestamp: 5 };

const signer = { agentId: '11'.repeat(32), signature: '22'.repeat(64) };

const vote = {
  assertionHash: '33'.repeat(32),
  agentId: '44'.repeat(32),
  weight: 1.5,
  timestamp: 5,
  signature: '55'.repeat(64),
};

type Refusal = readonly [claim: string, change: object, code: string, field: string];

describe('JSON', () => {
  it('of an assertion, of its content and of a vote comes back as it went', () => {
    fc.assert(
      fc.property(assertions, contents, votes, (assertion, unsigned, ballot) => {
        expect(assertionFromJson(sent(assertionToJson(assertion)))).toEqual(assertion);
        expect(contentFromJson(sent(contentToJson(unsigned)))).toEqual(unsigned);
        expect(voteFromJson(sent(voteToJson(ballot)))).toEqual(ballot);
      }),
    );
  });

  it('takes a bare string, number or boolean for the object it looks like', () => {
    const read = (object: unknown) => contentFromJson({ ...content, object }).object;
    expect(read('red')).toEqual({ type: 'text', value: 'red' });
    expect(read(96.7)).toEqual({ type: 'number', value: 96.7 });
    expect(read(false)).toEqual({ type: 'boolean', value: false });
    expect(read({ reference: 'red' })).toEqual({ type: 'reference', value: 'red' });
  });

  it('proposes when it names no lifecycle, and leaves out what is absent', () => {
    expect(contentFromJson(content)).toEqual({
      subject: 'Tesla',
      predicate: 'revenue',
      object: { type: 'number', value: 96.7 },
      lifecycle: 'proposed',
      confidence: 1,
      timestamp: 5,
    });
  });

  it('loses the sign of a zero', () => {
    const negative: unknown = JSON.parse(
      '{"subject":"a","predicate":"b","object":-0,"confidence":-0,"timestamp":-0}',
    );
    expect(contentFromJson(negative)).toMatchObject({
      object: { type: 'number', value: 0 },
      confidence: 0,
      timestamp: 0,
    });
  });

  it('puts signatures in the order of their agents', () => {
    const later = { ...signer, agentId: '99'.repeat(32) };
    const read = assertionFromJson({ ...content, signatures: [later, signer] });
    expect(assertionToJson(read).signatures).toEqual([signer, later]);
  });

  const contentRefusals: readonly Refusal[] = [
    ['an unknown field', { colour: 'red' }, 'STEME_FIELD_UNKNOWN', 'colour'],
    ['a field of another spelling', { parent_hash: '' }, 'STEME_FIELD_UNKNOWN', 'parent_hash'],
    ['signatures where none belong', { signatures: [] }, 'STEME_FIELD_UNKNOWN', 'signatures'],
    ['null for absent', { epoch: null }, 'STEME_FIELD_TYPE', 'epoch'],
    ['a number as subject', { subject: 1 }, 'STEME_FIELD_TYPE', 'subject'],
    ['an empty subject', { subject: '' }, 'STEME_SUBJECT_EMPTY', 'subject'],
    ['a confidence above one', { confidence: 2 }, 'STEME_CONFIDENCE_OUT_OF_RANGE', 'confidence'],
    ['an object that is null', { object: null }, 'STEME_FIELD_TYPE', 'object'],
    ['an object that is a list', { object: [1] }, 'STEME_FIELD_TYPE', 'object'],
    ['an object of no type', { object: {} }, 'STEME_OBJECT_TYPE', 'object'],
    ['an object of two types', { object: { text: 'a', number: 1 } }, 'STEME_OBJECT_TYPE', 'object'],
    ['an object of an unknown type', { object: { date: 'a' } }, 'STEME_FIELD_UNKNOWN', 'object.date'],
    ['a text that is a number', { object: { text: 1 } }, 'STEME_FIELD_TYPE', 'object.text'],
    [
      'a number that overflows',
      { object: JSON.parse('1e999') as number },
      'STEME_NUMBER_INFINITE',
      'object.number',
    ],
    ['a boolean that is a string', { object: { boolean: 'true' } }, 'STEME_FIELD_TYPE', 'object.boolean'],
    ['an unknown lifecycle', { lifecycle: 'final' }, 'STEME_LIFECYCLE_UNKNOWN', 'lifecycle'],
    ['a hash with a digit too few', { parentHash: '0'.repeat(63) }, 'STEME_HASH_LENGTH', 'parentHash'],
    ['a hash with a prefix', { sourceHash: '0x'.padEnd(64, '0') }, 'STEME_HEX_INVALID', 'sourceHash'],
    ['a hash in capitals', { parentHash: 'AB'.repeat(32) }, 'STEME_HEX_INVALID', 'parentHash'],
  ];

  it.each(contentRefusals)('of content is refused for %s', (_, change, code, field) => {
    expect(() => contentFromJson({ ...content, ...change })).toThrow(
      expect.objectContaining({ name: 'ValidationError', code, field }),
    );
  });

  it('of content is refused for a field with the name of a prototype', () => {
    const smuggled: unknown = JSON.parse(`{"__proto__": {}, ${JSON.stringify(content).slice(1)}`);
    expect(() => contentFromJson(smuggled)).toThrow(
      expect.objectContaining({ code: 'STEME_FIELD_UNKNOWN', field: '__proto__' }),
    );
  });

  it.each(Object.keys(content))('of content is refused without %s', (field) => {
    const rest = Object.fromEntries(Object.entries(content).filter(([name]) => name !== field));
    expect(() => contentFromJson(rest)).toThrow(
      expect.objectContaining({ code: 'STEME_FIELD_MISSING', field }),
    );
  });

  const signatureRefusals: readonly (readonly [
    claim: string,
    signatures: unknown,
    code: string,
    field: string,
  ])[] = [
    ['signatures that are no list', {}, 'STEME_FIELD_TYPE', 'signatures'],
    ['no signatures', [], 'STEME_SIGNATURES_NONE', 'signatures'],
    ['17 signatures', Array.from({ length: 17 }, () => signer), 'STEME_SIGNATURES_TOO_MANY', 'signatures'],
    ['an agent twice', [signer, signer], 'STEME_SIGNER_DUPLICATE', 'signatures'],
    ['a signer that is a string', ['me'], 'STEME_FIELD_TYPE', 'signatures[0]'],
    ['a signer with more to say', [{ ...signer, role: 'boss' }], 'STEME_FIELD_UNKNOWN', 'signatures[0].role'],
    [
      'a signer without a key',
      [{ signature: signer.signature }],
      'STEME_FIELD_MISSING',
      'signatures[0].agentId',
    ],
    ['a short key', [{ ...signer, agentId: '11' }], 'STEME_AGENT_ID_LENGTH', 'signatures[0].agentId'],
    [
      'a long signature',
      [{ ...signer, signature: '1'.repeat(130) }],
      'STEME_SIGNATURE_LENGTH',
      'signatures[0].signature',
    ],
  ];

  it.each(signatureRefusals)('of an assertion is refused for %s', (_, signatures, code, field) => {
    expect(() => assertionFromJson({ ...content, signatures })).toThrow(
      expect.objectContaining({ name: 'ValidationError', code, field }),
    );
  });

  const voteRefusals: readonly Refusal[] = [
    ['an unknown field', { reason: 'none' }, 'STEME_FIELD_UNKNOWN', 'reason'],
    ['a weight in letters', { weight: '1' }, 'STEME_FIELD_TYPE', 'weight'],
    ['a negative weight', { weight: -1 }, 'STEME_WEIGHT_NEGATIVE', 'weight'],
    ['seven decimals', { weight: 1.0000001 }, 'STEME_WEIGHT_TOO_PRECISE', 'weight'],
    ['a weight above a milliard', { weight: 1_000_000_000.1 }, 'STEME_WEIGHT_TOO_GREAT', 'weight'],
    ['a timestamp in letters', { timestamp: 'now' }, 'STEME_FIELD_TYPE', 'timestamp'],
    ['a timestamp before 1970', { timestamp: -1 }, 'STEME_TIMESTAMP_OUT_OF_RANGE', 'timestamp'],
    ['an agent that is no hex', { agentId: 'z'.repeat(64) }, 'STEME_HEX_INVALID', 'agentId'],
  ];

  it.each(voteRefusals)('of a vote is refused for %s', (_, change, code, field) => {
    expect(() => voteFromJson({ ...vote, ...change })).toThrow(
      expect.objectContaining({ name: 'ValidationError', code, field }),
    );
  });

  it('of a vote that nobody has signed yet is read without a signature, and only so', () => {
    const { signature, ...unsigned } = vote;
    expect(voteContentFromJson(unsigned)).toMatchObject({ weightMillionths: 1_500_000 });
    expect(() => voteContentFromJson({ ...unsigned, signature })).toThrow(
      expect.objectContaining({ code: 'STEME_FIELD_UNKNOWN', field: 'signature' }),
    );
    expect(() => voteFromJson(unsigned)).toThrow(
      expect.objectContaining({ code: 'STEME_FIELD_MISSING', field: 'signature' }),
    );
  });

  it.each([null, undefined, 1, 'text', true, [content]])(
    'that is %j is no assertion and no vote',
    (value) => {
      const refusal = expect.objectContaining({ code: 'STEME_FIELD_TYPE', field: '' });
      expect(() => contentFromJson(value)).toThrow(refusal);
      expect(() => assertionFromJson(value)).toThrow(refusal);
      expect(() => voteFromJson(value)).toThrow(refusal);
    },
  );

  it('never does worse than a ValidationError, whatever it is', () => {
    const nearly = fc.record(
      {
        subject: fc.jsonValue(),
        predicate: fc.jsonValue(),
        object: fc.jsonValue(),
        epoch: fc.jsonValue(),
        confidence: fc.jsonValue(),
        timestamp: fc.jsonValue(),
        signatures: fc.array(fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearly), (value) => {
        for (const read of [contentFromJson, assertionFromJson, voteFromJson]) {
          expect(() => read(value)).toThrow(expect.objectContaining({ name: 'ValidationError' }));
        }
      }),
    );
  });
});
