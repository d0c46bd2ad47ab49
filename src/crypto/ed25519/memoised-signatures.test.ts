import { describe, expect, it } from 'vitest';
import type { Signatures } from '../../ports/index.ts';
import { signaturesConformance } from '../../ports/signatures.conformance.ts';
import { memoisedSignatures } from './memoised-signatures.ts';
import { nodeSignatures } from './node-signatures.ts';

signaturesConformance('memoised', memoisedSignatures(nodeSignatures), 100);

/** Counts the signatures that reach the implementation behind. */
function counting(): { signatures: Signatures; verified: () => number } {
  let verified = 0;
  const signatures: Signatures = {
    ...nodeSignatures,
    verify(signature, message, publicKey) {
      verified += 1;
      return nodeSignatures.verify(signature, message, publicKey);
    },
  };
  return { signatures, verified: () => verified };
}

const secretKey = new Uint8Array(32).fill(5);
const message = Uint8Array.of(1, 2, 3);

describe('memoisedSignatures', () => {
  it('knows its own signatures again, also when the message has been overwritten since', () => {
    const { signatures, verified } = counting();
    const memoised = memoisedSignatures(signatures);
    const buffer = message.slice();
    const signature = memoised.sign(buffer, secretKey);
    buffer.fill(0);
    expect(memoised.verify(signature, message, memoised.publicKey(secretKey))).toBe(true);
    expect(verified()).toBe(0);
    expect(memoised.verify(signature, buffer, memoised.publicKey(secretKey))).toBe(false);
  });

  it('has signatures of others, and forgotten ones, verified', () => {
    const { signatures, verified } = counting();
    const memoised = memoisedSignatures(signatures, 1);
    const publicKey = memoised.publicKey(secretKey);
    expect(memoised.verify(nodeSignatures.sign(message, secretKey), message, publicKey)).toBe(true);
    const forgotten = memoised.sign(message, secretKey);
    memoised.sign(Uint8Array.of(9), secretKey);
    expect(memoised.verify(forgotten, message, publicKey)).toBe(true);
    expect(verified()).toBe(2);
  });

  it('never takes a known signature for another key', () => {
    const memoised = memoisedSignatures(nodeSignatures);
    const signature = memoised.sign(message, secretKey);
    const stranger = memoised.publicKey(new Uint8Array(32).fill(6));
    expect(memoised.verify(signature, message, stranger)).toBe(false);
  });
});
