import {
  type AssertionContent,
  contentFromJson,
  type Receipt,
  signAssertion,
  signVote,
  type StemeDB,
  ValidationError,
  type VoteContent,
  voteContentFromJson,
} from '../../engine/index.ts';
import type { Signatures } from '../../ports/index.ts';

/** What signs, and how. */
export interface Signer {
  readonly secretKey: Uint8Array;
  readonly signatures: Signatures;
}

/** Something that people write down, a line each, and that is signed and put into the log. */
export interface LineKind<T extends object> {
  readonly noun: string;
  /** From parsed JSON of any shape. Throws `ValidationError`. */
  parse(json: unknown): T;
  /** Signs it and makes it durable; rejects as the method of `StemeDB` does. */
  submit(sink: Pick<StemeDB, 'submit' | 'vote'>, content: T, signer: Signer): Promise<Receipt>;
}

export const claims: LineKind<AssertionContent> = {
  noun: 'claim',
  parse: contentFromJson,
  submit: (sink, content, { secretKey, signatures }) =>
    sink.submit(signAssertion(content, [secretKey], signatures)),
};

/** A vote of whoever will sign it. */
export type UnsignedVote = Omit<VoteContent, 'agentId'>;

export const votes: LineKind<UnsignedVote> = {
  noun: 'vote',
  parse: (json) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return voteContentFromJson(json);
    // Whose vote it is, the key says.
    if ('agentId' in json) throw new ValidationError('STEME_FIELD_UNKNOWN', 'agentId');
    const { agentId: _, ...vote } = voteContentFromJson({ ...json, agentId: '0'.repeat(64) });
    return vote;
  },
  submit: (sink, content, { secretKey, signatures }) => sink.vote(signVote(content, secretKey, signatures)),
};
