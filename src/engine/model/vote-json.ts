import { toHex } from '../../crypto/index.ts';
import { JsonReader } from './json-reader.ts';
import type { Vote, VoteContent } from './types.ts';
import { validateVote, validateVoteContent } from './vote-codec.ts';
import { weightFromMillionths, weightToMillionths } from './weight.ts';

/** The content of a vote in JSON; hash and key are lower-case hex. */
export interface VoteContentJson {
  readonly assertionHash: string;
  readonly agentId: string;
  /** From 0 to 1,000,000,000 with at most six decimals. */
  readonly weight: number;
  readonly timestamp: number;
}

/** A vote in JSON; the signature is lower-case hex. */
export interface VoteJson extends VoteContentJson {
  readonly signature: string;
}

const CONTENT_FIELDS = [
  'assertionHash',
  'agentId',
  'weight',
  'timestamp',
] satisfies readonly (keyof VoteContentJson)[];

const VOTE_FIELDS = [...CONTENT_FIELDS, 'signature'];

/** What has not been signed yet, from parsed JSON of any shape. Throws `ValidationError`. */
export function voteContentFromJson(value: unknown): VoteContent {
  const content = readContent(new JsonReader(value, '', CONTENT_FIELDS));
  validateVoteContent(content);
  return content;
}

/** A vote from parsed JSON of any shape; its signature is not verified. Throws `ValidationError`. */
export function voteFromJson(value: unknown): Vote {
  const fields = new JsonReader(value, '', VOTE_FIELDS);
  const vote = { ...readContent(fields), signature: fields.signature('signature') };
  validateVote(vote);
  return vote;
}

/** A vote that keeps the rules, as JSON that `voteFromJson` reads back. */
export function voteToJson(vote: Vote): VoteJson {
  return {
    assertionHash: toHex(vote.assertionHash),
    agentId: toHex(vote.agentId),
    weight: weightFromMillionths(vote.weightMillionths),
    timestamp: vote.timestamp,
    signature: toHex(vote.signature),
  };
}

function readContent(fields: JsonReader): VoteContent {
  return {
    assertionHash: fields.hash('assertionHash'),
    agentId: fields.agentId('agentId'),
    weightMillionths: weightToMillionths(fields.number('weight')),
    timestamp: fields.number('timestamp'),
  };
}
