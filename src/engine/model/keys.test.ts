import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../crypto/index.ts';
import { InvariantError } from '../errors.ts';
import * as keys from './keys.ts';
import { hashes, texts } from './model.test-support.ts';
import { type ParsedKey, parseKey } from './parse-key.ts';

const integers = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1));

/** Few values, so that two draws often have parts in common, and every one of them awkward. */
const awkward = fc.oneof(
  fc.constantFrom('', '\0', '\0\0', '\0\u0001', '\u0001', '\u00FF', '\0\u00FF', 'a', 'a\0', 'a\0b', 'ab'),
  texts,
);

const parsedKeys: fc.Arbitrary<ParsedKey> = fc.oneof(
  fc.record({ table: fc.constant('H' as const), hash: hashes }),
  fc.record({ table: fc.constant('S' as const), subject: awkward, hash: hashes }),
  fc.record({ table: fc.constant('SP' as const), subject: awkward, predicate: awkward, hash: hashes }),
  fc.record({ table: fc.constant('V' as const), assertionHash: hashes, hash: hashes }),
  fc.record({ table: fc.constantFrom('VC' as const, 'VW' as const), assertionHash: hashes }),
  fc.record({ table: fc.constant('MV' as const), subject: awkward, predicate: awkward, lens: awkward }),
  fc.record({ table: fc.constant('MD' as const), subject: awkward, predicate: awkward }),
  fc.record({ table: fc.constant('AU' as const), queryId: awkward }),
  fc.record({ table: fc.constant('AA' as const), agentId: hashes, timestamp: integers, queryId: awkward }),
  fc.record({ table: fc.constant('QR' as const), offset: integers }),
  fc.record({ table: fc.constant('QT' as const), apiKey: awkward, window: integers }),
  fc.record({ table: fc.constant('AK' as const), keyHash: hashes }),
  fc.constant({ table: 'CUR' } as const),
);

function build(key: ParsedKey): Uint8Array {
  switch (key.table) {
    case 'H':
      return keys.assertionKey(key.hash);
    case 'S':
      return keys.subjectKey(key.subject, key.hash);
    case 'SP':
      return keys.subjectPredicateKey(key.subject, key.predicate, key.hash);
    case 'V':
      return keys.voteKey(key.assertionHash, key.hash);
    case 'VC':
      return keys.voteCountKey(key.assertionHash);
    case 'VW':
      return keys.voteWeightKey(key.assertionHash);
    case 'MV':
      return keys.viewKey(key.subject, key.predicate, key.lens);
    case 'MD':
      return keys.dirtyKey(key.subject, key.predicate);
    case 'AU':
      return keys.auditKey(key.queryId);
    case 'AA':
      return keys.agentAuditKey(key.agentId, key.timestamp, key.queryId);
    case 'QR':
      return keys.quarantineKey(key.offset);
    case 'QT':
      return keys.quotaKey(key.apiKey, key.window);
    case 'AK':
      return keys.apiKeyKey(key.keyHash);
    case 'CUR':
      return keys.cursorKey;
  }
}

/** The order that keys are to have: tables by name, then part by part, texts by code point. */
function compareParts(left: ParsedKey, right: ParsedKey): number {
  const [ours, theirs] = [left, right].map((key) => Object.values(key) as (string | number | Uint8Array)[]);
  for (const [index, part] of ours!.entries()) {
    const order = comparePart(part, theirs![index]!);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(left: string | number | Uint8Array, right: string | number | Uint8Array): number {
  if (typeof left === 'number') return Math.sign(left - Number(right));
  return Math.sign(Buffer.compare(Buffer.from(left as string), Buffer.from(right as string)));
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return toHex(bytes).startsWith(toHex(prefix));
}

describe('keys', () => {
  it('are parsed back into their parts', () => {
    fc.assert(
      fc.property(parsedKeys, (key) => {
        expect(parseKey(build(key))).toEqual({ ...key });
      }),
      { numRuns: 1000 },
    );
  });

  it('are equal only when their parts are, and sort as their parts do', () => {
    const pairs = fc.oneof(
      fc.tuple(parsedKeys, parsedKeys),
      // The same table and parts, but for one.
      fc
        .tuple(awkward, awkward, awkward, awkward, hashes)
        .map(([s, p, s2, p2, hash]): [ParsedKey, ParsedKey] => [
          { table: 'SP', subject: s, predicate: p, hash },
          { table: 'SP', subject: s2, predicate: p2, hash },
        ]),
      fc.tuple(integers, integers).map(([one, other]): [ParsedKey, ParsedKey] => [
        { table: 'QR', offset: one },
        { table: 'QR', offset: other },
      ]),
    );
    fc.assert(
      fc.property(pairs, ([left, right]) => {
        expect(Math.sign(Buffer.compare(build(left), build(right)))).toBe(compareParts(left, right));
      }),
      { numRuns: 3000 },
    );
  });

  it('begin with the prefix of their subject, and with that of no other', () => {
    fc.assert(
      fc.property(awkward, awkward, awkward, hashes, (subject, other, predicate, hash) => {
        const isSame = subject === other;
        expect(startsWith(keys.subjectKey(subject, hash), keys.subjectPrefix(other))).toBe(isSame);
        expect(
          startsWith(
            keys.subjectPredicateKey(subject, predicate, hash),
            keys.subjectPredicatePrefix(other, predicate),
          ),
        ).toBe(isSame);
        expect(
          startsWith(
            keys.subjectPredicateKey(predicate, subject, hash),
            keys.subjectPredicatePrefix(predicate, other),
          ),
        ).toBe(isSame);
        expect(startsWith(keys.viewKey(predicate, subject, 'lens'), keys.viewPrefix(predicate, other))).toBe(
          isSame,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('of votes and audits begin with the prefix of their assertion or agent', () => {
    fc.assert(
      fc.property(hashes, hashes, (one, other) => {
        expect(startsWith(keys.voteKey(one, other), keys.votePrefix(one))).toBe(true);
        expect(startsWith(keys.voteKey(one, other), keys.votePrefix(other))).toBe(
          toHex(one) === toHex(other),
        );
        expect(startsWith(keys.agentAuditKey(one, 1, 'q'), keys.agentAuditPrefix(one))).toBe(true);
      }),
    );
  });

  it('of API keys and of what they use begin with the prefix of their table or key', () => {
    fc.assert(
      fc.property(awkward, awkward, integers, hashes, (one, other, window, hash) => {
        expect(startsWith(keys.quotaKey(one, window), keys.quotaPrefix(other))).toBe(one === other);
        expect(startsWith(keys.apiKeyKey(hash), keys.apiKeyPrefix)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('are these bytes', () => {
    const hash = new Uint8Array(32).fill(0xaa);
    const hex = 'aa'.repeat(32);
    expect(toHex(keys.assertionKey(hash))).toBe(`4800${hex}`);
    expect(toHex(keys.subjectPredicateKey('Tesla', 'a\0', hash))).toBe(
      `5350005465736c6100016100ff0001${hex}`,
    );
    expect(toHex(keys.quarantineKey(2 ** 32 + 5))).toBe('5152000000000100000005');
    expect(toHex(keys.cursorKey)).toBe('43555200');
  });

  it('of an index end in the hash of the assertion', () => {
    const hash = new Uint8Array(32).fill(7);
    expect(keys.hashOfSubjectKey(keys.subjectKey('a', hash))).toEqual(hash);
    expect(keys.hashOfSubjectPredicateKey(keys.subjectPredicateKey('a', 'b', hash))).toEqual(hash);
    expect(() => keys.hashOfSubjectKey(new Uint8Array(32))).toThrow(InvariantError);
  });

  it('hold the longest parts there are, all NUL', () => {
    const longest = '\0'.repeat(1024);
    const hash = new Uint8Array(32);
    expect(parseKey(keys.viewKey(longest, longest, longest))).toMatchObject({ lens: longest });
    expect(parseKey(keys.subjectPredicateKey(longest, longest, hash))).toMatchObject({ hash });
  });

  it('are not made from what could not be a part', () => {
    const hash = new Uint8Array(32);
    const refusal = (code: string, field: string) => expect.objectContaining({ code, field });
    expect(() => keys.subjectPrefix('\uD800')).toThrow(refusal('STEME_TEXT_UNPAIRED_SURROGATE', 'subject'));
    expect(() => keys.subjectPrefix('a'.repeat(1025))).toThrow(refusal('STEME_SUBJECT_TOO_LONG', 'subject'));
    expect(() => keys.subjectPredicatePrefix('a', 'a'.repeat(1025))).toThrow(
      refusal('STEME_PREDICATE_TOO_LONG', 'predicate'),
    );
    expect(() => keys.viewKey('a', 'b', '€'.repeat(342))).toThrow(refusal('STEME_NAME_TOO_LONG', 'lens'));
    expect(() => keys.subjectKey('a', hash.subarray(1))).toThrow(refusal('STEME_HASH_LENGTH', 'hash'));
    for (const offset of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => keys.quarantineKey(offset)).toThrow(InvariantError);
    }
  });

  it.each([
    ['nothing', ''],
    ['a table without end', '48'],
    ['an unknown table', '4900'],
    ['a hash too short', '48000102'],
    ['a byte too many', '4355520000'],
    ['a text without end', '41550061'],
    ['a text that ends in an escape', '4155006100'],
    ['an escape of nothing', '415500610002'],
    ['a text that is not UTF-8', '415500ff0001'],
    ['a text of 1,025 bytes', `415500${'61'.repeat(1025)}0001`],
    ['an integer above 2^53 - 1', '5152000020000000000000'],
    ['an integer too short', '515200000000'],
  ])('are not parsed from %s', (_, hex) => {
    expect(() => parseKey(fromHex(hex)!)).toThrow(InvariantError);
  });

  it('are parsed from nothing but the one key that has these parts', () => {
    const near = fc.tuple(parsedKeys.map(build), fc.nat(), fc.nat(255)).map(([key, at, byte]) => {
      const copy = key.slice();
      copy[at % copy.length] = byte;
      return copy;
    });
    fc.assert(
      fc.property(near, (bytes) => {
        expect(['refused', bytes]).toContainEqual(builtAgain(bytes));
      }),
      { numRuns: 3000 },
    );
  });
});

function builtAgain(bytes: Uint8Array): Uint8Array | 'refused' {
  try {
    return build(parseKey(bytes));
  } catch (error) {
    if (error instanceof InvariantError) return 'refused';
    throw error;
  }
}
