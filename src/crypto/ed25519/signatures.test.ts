import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIGNATURE_VECTORS } from '../../ports/signatures-vectors.test-support.ts';
import { signaturesConformance } from '../../ports/signatures.conformance.ts';
import { fromHex } from '../hex.ts';
import { buildEdgeVectors } from './edge-vectors.test-support.ts';
import { nobleSignatures } from './noble-signatures.ts';
import { nodeSignatures } from './node-signatures.ts';

signaturesConformance('noble', nobleSignatures, 20);
signaturesConformance('node', nodeSignatures, 100);

describe('the table of edge vectors', () => {
  it('is what its construction gives', () => {
    expect(SIGNATURE_VECTORS).toEqual(buildEdgeVectors());
  });
});

/** Verdicts of both twins, of which the first is the reference. */
function verdicts(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean[] {
  return [nobleSignatures, nodeSignatures].map((twin) => twin.verify(signature, message, publicKey));
}

const edgeBytes = SIGNATURE_VECTORS.map(({ signature, message, publicKey }) => ({
  signature: fromHex(signature)!,
  message: fromHex(message)!,
  publicKey: fromHex(publicKey)!,
}));
const whole = edgeBytes.filter(
  ({ signature, publicKey }) => signature.length === 64 && publicKey.length === 32,
);
const points = whole.flatMap(({ signature, publicKey }) => [signature.subarray(0, 32), publicKey]);
const scalars = whole.map(({ signature }) => signature.subarray(32));

describe('the twins', () => {
  it('make the same keys and the same signatures', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array(), (secretKey, message) => {
        expect(nodeSignatures.publicKey(secretKey)).toEqual(nobleSignatures.publicKey(secretKey));
        expect(nodeSignatures.sign(message, secretKey)).toEqual(nobleSignatures.sign(message, secretKey));
      }),
      { numRuns: 30 },
    );
  });

  it('agree on any mixture of edge points and edge scalars', () => {
    const message = fc.uint8Array({ maxLength: 2 });
    const edge = fc.constantFrom(...points);
    fc.assert(
      fc.property(edge, edge, fc.constantFrom(...scalars), message, (key, commitment, scalar, text) => {
        const [reference, fast] = verdicts(Uint8Array.of(...commitment, ...scalar), text, key);
        expect(fast).toBe(reference);
      }),
      { numRuns: 200 },
    );
  });

  it('agree on edge vectors with a bit flipped anywhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.nat(96 * 8 - 1), ({ signature, message, publicKey }, bit) => {
        const joined = Uint8Array.of(...signature, ...publicKey);
        joined[bit >>> 3]! ^= 1 << (bit & 7);
        const [reference, fast] = verdicts(joined.subarray(0, 64), message, joined.subarray(64));
        expect(fast).toBe(reference);
      }),
      { numRuns: 200 },
    );
  });
});
