import { blake3 as reference } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '../../../fixtures/format/v2/model-assertions.json' with { type: 'json' };
import { fromHex, toHex } from '../../crypto/index.ts';
import { assertionHash, decodeAssertion, encodeAssertion, refuseOwnParent } from './assertion-codec.ts';
import { assertionFromJson } from './assertion-json.ts';
import { DecodeError, ValidationError } from './errors.ts';
import { assertions, damaged } from './model.test-support.ts';
import type { Assertion } from './types.ts';

const plain: Assertion = {
  subject: 'Tesla',
  predicate: 'revenue',
  object: { type: 'number', value: 96.7 },
  lifecycle: 'proposed',
  confidence: 0.9,
  timestamp: 1_700_000_000_000,
  signatures: [{ agentId: new Uint8Array(32).fill(1), signature: new Uint8Array(64).fill(2) }],
};

/** Decoded and encoded again; `refused` for the one kind of error that decoding may end with. */
function encodedAgain(bytes: Uint8Array): Uint8Array | 'refused' {
  try {
    return encodeAssertion(decodeAssertion(bytes));
  } catch (error) {
    if (error instanceof DecodeError) return 'refused';
    throw error;
  }
}

describe('the encoding of assertions', () => {
  it.each(golden)('is that of the golden file: $name', ({ assertion, encoded, hash }) => {
    const decoded = assertionFromJson(assertion);
    expect(toHex(encodeAssertion(decoded))).toBe(encoded);
    expect(decodeAssertion(fromHex(encoded)!)).toEqual(decoded);
    expect(toHex(assertionHash(decoded))).toBe(hash);
  });

  it('comes back as it went', () => {
    fc.assert(
      fc.property(assertions, (assertion) => {
        expect(decodeAssertion(encodeAssertion(assertion))).toEqual(assertion);
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of the signatures, or of the fields', () => {
    fc.assert(
      fc.property(assertions, (assertion) => {
        const { signatures, ...rest } = assertion;
        const fields = Object.entries({ ...rest, signatures: signatures.toReversed() }).toReversed();
        expect(encodeAssertion(Object.fromEntries(fields) as unknown as Assertion)).toEqual(
          encodeAssertion(assertion),
        );
      }),
    );
  });

  it('is refused, or is canonical, for honest bytes that were damaged', () => {
    fc.assert(
      fc.property(damaged(assertions.map(encodeAssertion)), (bytes) => {
        expect(['refused', bytes]).toContainEqual(encodedAgain(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused, or is canonical, for any bytes, behind an honest head too', () => {
    const heads = fc.constantFrom([], [0x41, 2, 1], [0x41, 2, 1, 0, 0, 0, ...new Uint8Array(16)]);
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 300 }), (head, tail) => {
        const bytes = Uint8Array.of(...head, ...tail);
        expect(['refused', bytes]).toContainEqual(encodedAgain(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('loses the sign of a zero, and nothing else tells the two apart', () => {
    const negative: Assertion = { ...plain, object: { type: 'number', value: -0 }, confidence: -0 };
    const positive: Assertion = { ...plain, object: { type: 'number', value: 0 }, confidence: 0 };
    expect(encodeAssertion(negative)).toEqual(encodeAssertion(positive));
    expect(assertionHash(negative)).toEqual(assertionHash(positive));
    expect(decodeAssertion(encodeAssertion(negative))).toEqual(positive);
  });

  it('holds the longest content that the limits allow', () => {
    const longest: Assertion = {
      ...plain,
      subject: '€'.repeat(341) + 'x',
      predicate: '\0'.repeat(1024),
      object: { type: 'text', value: '𝄞'.repeat(16 * 1024) },
      parentHash: new Uint8Array(32),
      sourceHash: new Uint8Array(32),
      epoch: Number.MAX_SAFE_INTEGER,
      signatures: Array.from({ length: 16 }, (_, index) => ({
        agentId: new Uint8Array(32).fill(index),
        signature: new Uint8Array(64),
      })),
    };
    expect(decodeAssertion(encodeAssertion(longest))).toEqual(longest);
    expect(assertionHash(longest)).toHaveLength(32);
  });

  it('hands out arrays that outlive the buffers they came from, Node buffers included', () => {
    const encoded = Buffer.from(encodeAssertion({ ...plain, parentHash: new Uint8Array(32).fill(3) }));
    const decoded = decodeAssertion(encoded);
    encoded.fill(0xee);
    encodeAssertion({ ...plain, subject: 'overwrites the buffer of the encoder' });
    expect(decoded).toEqual({ ...plain, parentHash: new Uint8Array(32).fill(3) });
    expect(decoded.parentHash?.constructor).toBe(Uint8Array);
  });

  it('leaves no trace of a value that was refused half-way', () => {
    const before = encodeAssertion(plain);
    expect(() => encodeAssertion({ ...plain, object: { type: 'text', value: '\uD800' } })).toThrow(
      ValidationError,
    );
    expect(encodeAssertion(plain)).toEqual(before);
  });
});

describe('the hash of an assertion', () => {
  it('is that of tag, version and content, and of no signature', () => {
    fc.assert(
      fc.property(assertions, (assertion) => {
        const encoded = encodeAssertion(assertion);
        const content = encoded.subarray(3, encoded.length - 96 * assertion.signatures.length);
        const tag = new TextEncoder().encode('stemedb/assertion/content\0\u0002');
        expect(assertionHash(assertion)).toEqual(reference(Uint8Array.of(...tag, ...content)));
      }),
    );
  });

  it('is another one when any field is', () => {
    const parentHash = new Uint8Array(32).fill(7);
    const variants: Assertion[] = [
      plain,
      { ...plain, subject: 'Teslb' },
      { ...plain, predicate: 'revenuf' },
      { ...plain, subject: 'Teslar', predicate: 'evenue' },
      { ...plain, object: { type: 'number', value: 96.70000000000002 } },
      { ...plain, object: { type: 'text', value: '96.7' } },
      { ...plain, object: { type: 'reference', value: '96.7' } },
      { ...plain, object: { type: 'boolean', value: true } },
      { ...plain, object: { type: 'boolean', value: false } },
      { ...plain, parentHash },
      { ...plain, sourceHash: parentHash },
      { ...plain, epoch: 0 },
      { ...plain, lifecycle: 'approved' },
      { ...plain, confidence: 0.8 },
      { ...plain, timestamp: 1_700_000_000_001 },
    ];
    expect(new Set(variants.map((variant) => toHex(assertionHash(variant)))).size).toBe(variants.length);
  });

  it('may not be its own parent', () => {
    const hash = new Uint8Array(32).fill(5);
    expect(() => refuseOwnParent(hash, hash.slice())).toThrow(
      expect.objectContaining({ code: 'STEME_PARENT_IS_SELF', field: 'parentHash' }),
    );
    expect(() => refuseOwnParent(hash, new Uint8Array(32))).not.toThrow();
    expect(() => refuseOwnParent(hash, undefined)).not.toThrow();
  });
});
