import type { Signatures } from '../../ports/index.ts';
import { assertionHash } from './assertion-codec.ts';
import type { VerificationCode } from './codes.ts';
import { TAGS } from './format.ts';
import { requireSignature } from './rules.ts';
import { canonicalSignatures } from './signers.ts';
import type { AgentId, Assertion, AssertionContent, Hash, Vote, VoteContent } from './types.ts';
import { voteHash } from './vote-codec.ts';

/** What is signed: the kind of content, and its hash. */
export type Signable =
  { readonly kind: 'assertion'; readonly hash: Hash } | { readonly kind: 'vote'; readonly hash: Hash };

/** Whether those who are said to have signed did, and if so the identity of what they signed. */
export type Verification =
  | { readonly ok: true; readonly hash: Hash }
  | { readonly ok: false; readonly code: VerificationCode; readonly agentId: AgentId };

/**
 * The bytes that agents sign and that are verified, made here for both: tag, version and content hash. The
 * hash is over every field but the signatures, so a signature cannot be moved to any other content.
 */
export function signingMessage({ kind, hash }: Signable): Uint8Array<ArrayBuffer> {
  const tag = kind === 'assertion' ? TAGS.assertionSignature : TAGS.voteSignature;
  const message = new Uint8Array(tag.length + hash.length);
  message.set(tag);
  message.set(hash, tag.length);
  return message;
}

/** The content signed with each of 1 to 16 different secret keys. Throws `ValidationError`. */
export function signAssertion(
  content: AssertionContent,
  secretKeys: readonly Uint8Array[],
  signatures: Signatures,
): Assertion {
  const message = signingMessage({ kind: 'assertion', hash: assertionHash(content) });
  const signed = secretKeys.map((secretKey) => ({
    agentId: signatures.publicKey(secretKey),
    signature: signatures.sign(message, secretKey),
  }));
  return { ...content, signatures: canonicalSignatures(signed) };
}

/**
 * Whether every signature is its agent's over this very content; the first that is not is named. Throws
 * `ValidationError` for what is no assertion, nobody's signature included.
 */
export function verifyAssertion(assertion: Assertion, signatures: Signatures): Verification {
  const hash = assertionHash(assertion);
  const message = signingMessage({ kind: 'assertion', hash });
  for (const { agentId, signature } of canonicalSignatures(assertion.signatures)) {
    if (!signatures.verify(signature, message, agentId)) {
      return { ok: false, code: 'STEME_SIGNATURE_INVALID', agentId };
    }
  }
  return { ok: true, hash };
}

/** As `verifyAssertion`, with the signatures verified beside each other and the caller. */
export async function verifyAssertionAside(
  assertion: Assertion,
  signatures: Signatures,
): Promise<Verification> {
  const hash = assertionHash(assertion);
  const message = signingMessage({ kind: 'assertion', hash });
  const signers = canonicalSignatures(assertion.signatures);
  const areValid = await Promise.all(
    signers.map(({ agentId, signature }) => signatures.verifyAside(signature, message, agentId)),
  );
  const wrong = signers[areValid.indexOf(false)];
  if (wrong !== undefined) return { ok: false, code: 'STEME_SIGNATURE_INVALID', agentId: wrong.agentId };
  return { ok: true, hash };
}

/** The vote of whom the secret key belongs to. Throws `ValidationError`. */
export function signVote(
  content: Omit<VoteContent, 'agentId'>,
  secretKey: Uint8Array,
  signatures: Signatures,
): Vote {
  const unsigned = { ...content, agentId: signatures.publicKey(secretKey) };
  const message = signingMessage({ kind: 'vote', hash: voteHash(unsigned) });
  return { ...unsigned, signature: signatures.sign(message, secretKey) };
}

/** Whether the signature is the agent's over this very vote. Throws `ValidationError` for what is no vote. */
export function verifyVote(vote: Vote, signatures: Signatures): Verification {
  const { agentId, signature } = vote;
  requireSignature(signature, 'signature');
  const hash = voteHash(vote);
  return signatures.verify(signature, signingMessage({ kind: 'vote', hash }), agentId)
    ? { ok: true, hash }
    : { ok: false, code: 'STEME_SIGNATURE_INVALID', agentId };
}

/** As `verifyVote`, beside the caller. */
export async function verifyVoteAside(vote: Vote, signatures: Signatures): Promise<Verification> {
  const { agentId, signature } = vote;
  requireSignature(signature, 'signature');
  const hash = voteHash(vote);
  const message = signingMessage({ kind: 'vote', hash });
  return (await signatures.verifyAside(signature, message, agentId))
    ? { ok: true, hash }
    : { ok: false, code: 'STEME_SIGNATURE_INVALID', agentId };
}
