import { blake3 } from '../../crypto/index.ts';
import { equalBytes } from './bytes.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { CONTENT_BYTES_MAX, readContent, writeContent } from './content-codec.ts';
import { ValidationError } from './errors.ts';
import { FORMAT_VERSION, KIND_ASSERTION, TAGS } from './format.ts';
import { SIGNATURES_MAX } from './limits.ts';
import { canonicalSignatures, readSignatures, SIGNER_BYTES } from './signers.ts';
import type { Assertion, AssertionContent, Hash } from './types.ts';

/*
 * An assertion, as it is stored.
 *
 *   0   kind      u8   0x41
 *   1   version   u8   2
 *   2   count     u8   of signatures, 1 to 16
 *   3   content        see content-codec.ts
 *       count times    agent 32, signature 64; the agents strictly ascending as unsigned bytes
 */

/** Room for the longest record, and for the longest content behind its tag. */
const scratch = new ByteWriter(
  TAGS.assertionContent.length + CONTENT_BYTES_MAX + SIGNATURES_MAX * SIGNER_BYTES,
);

/** Throws `ValidationError` unless the content of an assertion keeps every rule. */
export function validateContent(content: AssertionContent): void {
  scratch.restart();
  writeContent(scratch, content);
}

/** Throws `ValidationError` unless an assertion keeps every rule. Its signatures are not verified. */
export function validateAssertion(assertion: Assertion): void {
  canonicalSignatures(assertion.signatures);
  validateContent(assertion);
}

/**
 * The one encoding of an assertion, whatever order its signatures come in. Throws `ValidationError`: either
 * there are bytes that `decodeAssertion` reads back, or there are none.
 */
export function encodeAssertion(assertion: Assertion): Uint8Array<ArrayBuffer> {
  const signatures = canonicalSignatures(assertion.signatures);
  scratch.restart();
  scratch.u8(KIND_ASSERTION);
  scratch.u8(FORMAT_VERSION);
  scratch.u8(signatures.length);
  writeContent(scratch, assertion);
  for (const { agentId, signature } of signatures) {
    scratch.bytes(agentId);
    scratch.bytes(signature);
  }
  return scratch.take();
}

/**
 * Reads one encoded assertion and nothing else; what it accepts encodes to the same bytes again. Its arrays
 * share no memory with `bytes`. Signatures are not verified. Throws `DecodeError`.
 */
export function decodeAssertion(bytes: Uint8Array): Assertion {
  const reader = new ByteReader(bytes);
  reader.constant(KIND_ASSERTION, 'STEME_DECODE_KIND');
  reader.constant(FORMAT_VERSION, 'STEME_DECODE_VERSION');
  const count = reader.u8();
  if (count < 1 || count > SIGNATURES_MAX) reader.refuse('STEME_DECODE_SIGNATURE_COUNT', 1);
  const content = readContent(reader);
  const signatures = readSignatures(reader, count);
  reader.end();
  return Object.assign(content, { signatures });
}

/**
 * The identity of an assertion, whoever signs it: BLAKE3 over tag and content. Throws `ValidationError`;
 * what cannot be encoded has no hash.
 */
export function assertionHash(content: AssertionContent): Hash {
  scratch.restart();
  scratch.bytes(TAGS.assertionContent);
  writeContent(scratch, content);
  const hash = scratch.borrow((bytes, length) => blake3(bytes, 0, length));
  refuseOwnParent(hash, content.parentHash);
  return hash;
}

/** No content can hold its own hash, unless BLAKE3 is broken; a cycle of one is worth a comparison. */
export function refuseOwnParent(hash: Hash, parentHash: Hash | undefined): void {
  if (parentHash !== undefined && equalBytes(hash, parentHash)) {
    throw new ValidationError('STEME_PARENT_IS_SELF', 'parentHash');
  }
}
