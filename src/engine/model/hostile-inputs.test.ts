import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertionToJson } from './assertion-json.ts';
import { hostileInputs, textOf } from './hostile-inputs.test-support.ts';
import {
  encoded,
  expectedOf,
  expectSame,
  received,
  receivedUnverified,
  tester,
} from './hostile-outcomes.test-support.ts';
import { assertions, votes } from './model.test-support.ts';
import { decodeRecord } from './record.ts';
import { voteToJson } from './vote-json.ts';

describe('a hostile input', () => {
  it.each(hostileInputs.map((input) => [input.name, input] as const))('%s', (_, input) => {
    const text = textOf(input, tester);
    const outcome = received(input.kind, text);
    expect(expectedOf(outcome)).toEqual(input.expected);
    if (typeof outcome === 'string') return;
    expectSame(text, outcome);
    expect(decodeRecord(encoded(outcome))).toEqual(outcome);
  });

  it('has a name of its own, a story, and either a value or a text', () => {
    expect(hostileInputs.length).toBeGreaterThan(200);
    expect(new Set(hostileInputs.map(({ name }) => name)).size).toBe(hostileInputs.length);
    for (const input of hostileInputs) {
      expect(input.story).toMatch(/^[A-Z0-9].+\.$/);
      expect('value' in input).not.toBe('raw' in input);
    }
  });
});

/** What clients get wrong, or right by accident. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, 1, -1, 0.5, 1e-7, 2 ** 53, 1e300, '', '\0', '\ud800', '🚗'),
  fc.constantFrom<unknown>('a'.repeat(1025), '00'.repeat(32), 'zz'.repeat(32), '00'.repeat(64), 'approved'),
  fc.constantFrom<unknown>([], {}, { text: 'a' }, { number: 1 }, { number: 1, text: 'a' }, { reference: '' }),
  fc.jsonValue(),
  fc.double(),
);

const claims = assertions.map(
  (assertion) => ({ kind: 'assertion', json: assertionToJson(assertion) }) as const,
);
const ballots = votes.map((vote) => ({ kind: 'vote', json: voteToJson(vote) }) as const);

/** An honest input of which fields were replaced, added or taken away. */
const edited = fc.oneof(claims, ballots).chain(({ kind, json }) => {
  const names = fc.constantFrom(...Object.keys(json), 'epoch', 'parentHash', 'colour', '__proto__');
  const edits = fc.array(fc.tuple(names, fc.option(nasty, { nil: undefined, freq: 9 })), { maxLength: 2 });
  return edits.map((list) => {
    const fields = new Map<string, unknown>(Object.entries(json));
    for (const [name, value] of list) fields.set(name, value);
    return { kind, text: JSON.stringify(Object.fromEntries(fields)) };
  });
});

const anything = fc.record({
  kind: fc.constantFrom('assertion' as const, 'vote' as const),
  text: fc.json(),
});

describe('any JSON', () => {
  it('is refused with a code, or is taken exactly as it is', () => {
    const counts = { refused: 0, taken: 0 };
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: edited }, anything), ({ kind, text }) => {
        const outcome = receivedUnverified(kind, text);
        counts[typeof outcome === 'string' ? 'refused' : 'taken'] += 1;
        if (typeof outcome === 'string') {
          expect(outcome).toMatch(/^STEME(_[A-Z0-9]+)+$/);
          return;
        }
        expectSame(text, outcome);
        expect(decodeRecord(encoded(outcome))).toEqual(outcome);
      }),
      { numRuns: 5000 },
    );
    // Otherwise it would say little.
    expect(counts.refused).toBeGreaterThan(1000);
    expect(counts.taken).toBeGreaterThan(1000);
  });
});
