import { blake3 } from '../../crypto/index.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { AGENT_ID_BYTES, FORMAT_VERSION, HASH_BYTES, KIND_VOTE, SIGNATURE_BYTES, TAGS } from './format.ts';
import { WEIGHT_MILLIONTHS_MAX } from './limits.ts';
import {
  requireAgentId,
  requireHash,
  requireSignature,
  requireTimestamp,
  requireWeightMillionths,
} from './rules.ts';
import type { Hash, Vote, VoteContent } from './types.ts';

/*
 * A vote, as it is stored. Little-endian.
 *
 *    0   kind         u8    0x56
 *    1   version      u8    2
 *    2   assertion    32    ┐
 *   34   agent        32    │ the content, which is what the hash of a vote is over
 *   66   weight       u64   │ millionths, up to 10^15
 *   74   timestamp    u64   ┘ up to 2^53 - 1
 *   82   signature    64
 */

const CONTENT_BYTES = HASH_BYTES + AGENT_ID_BYTES + 8 + 8;

const scratch = new ByteWriter(TAGS.voteContent.length + CONTENT_BYTES + SIGNATURE_BYTES);

/** Throws `ValidationError` unless the content of a vote keeps every rule. */
export function validateVoteContent(content: VoteContent): void {
  requireHash(content.assertionHash, 'assertionHash');
  requireAgentId(content.agentId, 'agentId');
  requireWeightMillionths(content.weightMillionths);
  requireTimestamp(content.timestamp);
}

/** Throws `ValidationError` unless a vote keeps every rule. Its signature is not verified. */
export function validateVote(vote: Vote): void {
  validateVoteContent(vote);
  requireSignature(vote.signature, 'signature');
}

/** The one encoding of a vote. Throws `ValidationError`. */
export function encodeVote(vote: Vote): Uint8Array<ArrayBuffer> {
  validateVote(vote);
  scratch.restart();
  scratch.u8(KIND_VOTE);
  scratch.u8(FORMAT_VERSION);
  writeContent(vote);
  scratch.bytes(vote.signature);
  return scratch.take();
}

/**
 * Reads one encoded vote and nothing else; what it accepts encodes to the same bytes again. Its arrays share
 * no memory with `bytes`. The signature is not verified. Throws `DecodeError`.
 */
export function decodeVote(bytes: Uint8Array): Vote {
  const reader = new ByteReader(bytes);
  reader.constant(KIND_VOTE, 'STEME_DECODE_KIND');
  reader.constant(FORMAT_VERSION, 'STEME_DECODE_VERSION');
  const vote = {
    assertionHash: reader.bytes(HASH_BYTES),
    agentId: reader.bytes(AGENT_ID_BYTES),
    weightMillionths: reader.u64(WEIGHT_MILLIONTHS_MAX),
    timestamp: reader.u64(),
    signature: reader.bytes(SIGNATURE_BYTES),
  };
  reader.end();
  return vote;
}

/** The identity of a vote: the same agent's same vote at the same time is one vote. Throws `ValidationError`. */
export function voteHash(content: VoteContent): Hash {
  validateVoteContent(content);
  scratch.restart();
  scratch.bytes(TAGS.voteContent);
  writeContent(content);
  return scratch.borrow((bytes, length) => blake3(bytes, 0, length));
}

function writeContent(content: VoteContent): void {
  scratch.bytes(content.assertionHash);
  scratch.bytes(content.agentId);
  scratch.u64(content.weightMillionths);
  scratch.u64(content.timestamp);
}
