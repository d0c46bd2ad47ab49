import fc from 'fast-check';
import { type Assertion, type AssertionContent, LIFECYCLES, type ObjectValue, type Vote } from './types.ts';
import { WEIGHT_MILLIONTHS_MAX } from './limits.ts';

/** Everything that Unicode holds, NUL and the byte order mark more often than chance would have it. */
export const texts = fc.string({
  unit: fc.oneof(
    { weight: 9, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
    fc.constantFrom('\0', '\u0001', '\uFEFF', 'a'),
  ),
  maxLength: 40,
});

export const names = texts.filter((text) => text !== '');

export const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });

export const signatureBytes = fc.uint8Array({ minLength: 64, maxLength: 64 });

/** Without -0, which becomes 0 on its way. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

const objects: fc.Arbitrary<ObjectValue> = fc.oneof(
  texts.map((value) => ({ type: 'text', value }) as const),
  finite.map((value) => ({ type: 'number', value }) as const),
  fc.boolean().map((value) => ({ type: 'boolean', value }) as const),
  names.map((value) => ({ type: 'reference', value }) as const),
);

export const contents: fc.Arbitrary<AssertionContent> = fc.record(
  {
    subject: names,
    predicate: names,
    object: objects,
    parentHash: hashes,
    sourceHash: hashes,
    epoch: fc.maxSafeNat(),
    lifecycle: fc.constantFrom(...LIFECYCLES),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    timestamp: fc.maxSafeNat(),
  },
  {
    requiredKeys: ['subject', 'predicate', 'object', 'lifecycle', 'confidence', 'timestamp'],
    noNullPrototype: true,
  },
);

const signatures = fc
  .uniqueArray(fc.record({ agentId: hashes, signature: signatureBytes }, { noNullPrototype: true }), {
    minLength: 1,
    maxLength: 16,
    selector: ({ agentId }) => agentId.join(),
  })
  .map((list) => list.toSorted((left, right) => Buffer.compare(left.agentId, right.agentId)));

/** In canonical order; the signatures are not anybody's. */
export const assertions: fc.Arbitrary<Assertion> = fc
  .tuple(contents, signatures)
  .map(([content, list]) => Object.assign(content, { signatures: list }));

export const votes: fc.Arbitrary<Vote> = fc.record(
  {
    assertionHash: hashes,
    agentId: hashes,
    weightMillionths: fc.nat({ max: WEIGHT_MILLIONTHS_MAX }),
    timestamp: fc.maxSafeNat(),
    signature: signatureBytes,
  },
  { noNullPrototype: true },
);

/** What a damaged or hostile writer makes of honest bytes. */
export function damaged(honest: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const anywhere = fc.nat();
  const edit = fc.oneof(
    fc.tuple(anywhere, fc.nat(7)).map(([at, bit]) => (bytes: Uint8Array) => {
      const copy = bytes.slice();
      copy[at % copy.length]! ^= 1 << bit;
      return copy;
    }),
    anywhere.map((at) => (bytes: Uint8Array) => bytes.slice(0, at % (bytes.length + 1))),
    fc
      .uint8Array({ minLength: 1, maxLength: 9 })
      .map((tail) => (bytes: Uint8Array) => Uint8Array.of(...bytes, ...tail)),
    fc.tuple(anywhere, fc.uint8Array({ maxLength: 9 })).map(([at, patch]) => (bytes: Uint8Array) => {
      const copy = bytes.slice();
      copy.set(patch.subarray(0, copy.length), Math.max(0, (at % (copy.length + 1)) - patch.length));
      return copy;
    }),
  );
  return fc.tuple(honest, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([bytes, edits]) => {
    let current = bytes;
    for (const change of edits) current = current.length === 0 ? current : change(current);
    return current;
  });
}
