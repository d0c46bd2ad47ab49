import { BLAKE3_BYTES, KEY_BYTES } from '../../crypto/index.ts';

export { SIGNATURE_BYTES } from '../../crypto/index.ts';

/** Of the encoding, and with it of every hash and signature. The audited release wrote version 1. */
export const FORMAT_VERSION = 2;

/** The first byte of a record: what it is. */
export const KIND_ASSERTION = 0x41; // "A"
export const KIND_VOTE = 0x56; // "V"

export const HASH_BYTES = BLAKE3_BYTES;
export const AGENT_ID_BYTES = KEY_BYTES;

/**
 * What comes first in everything that is hashed or signed: a name that ends in NUL, then the version. No
 * tag is the beginning of another, so that no two kinds of content are ever the same bytes.
 */
export const TAGS = {
  assertionContent: tag('stemedb/assertion/content'),
  assertionSignature: tag('stemedb/assertion/signature'),
  voteContent: tag('stemedb/vote/content'),
  voteSignature: tag('stemedb/vote/signature'),
} as const;

function tag(name: string): Uint8Array {
  return new TextEncoder().encode(`${name}\0${String.fromCharCode(FORMAT_VERSION)}`);
}
