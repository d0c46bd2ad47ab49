import type { ByteReader } from './byte-reader.ts';
import { compareBytes } from './bytes.ts';
import { ValidationError } from './errors.ts';
import { AGENT_ID_BYTES, SIGNATURE_BYTES } from './format.ts';
import { SIGNATURES_MAX } from './limits.ts';
import { isBytes, requireAgentId, requireSignature } from './rules.ts';
import type { AgentSignature } from './types.ts';

/** Bytes of one signature and of whose it is. */
export const SIGNER_BYTES = AGENT_ID_BYTES + SIGNATURE_BYTES;

/**
 * The signatures of an assertion, checked and in the order of their agents: the given array itself when it is
 * in order already. Throws `ValidationError`.
 */
export function canonicalSignatures(signatures: readonly AgentSignature[]): readonly AgentSignature[] {
  if (!Array.isArray(signatures)) throw new ValidationError('STEME_FIELD_TYPE', 'signatures');
  if (signatures.length === 0) throw new ValidationError('STEME_SIGNATURES_NONE', 'signatures');
  if (signatures.length > SIGNATURES_MAX)
    throw new ValidationError('STEME_SIGNATURES_TOO_MANY', 'signatures');
  for (let index = 0; index < signatures.length; index += 1) requireSigner(signatures[index], index);
  if (isStrictlyAscending(signatures)) return signatures;
  const sorted = signatures.toSorted((left, right) => compareBytes(left.agentId, right.agentId));
  if (!isStrictlyAscending(sorted)) throw new ValidationError('STEME_SIGNER_DUPLICATE', 'signatures');
  return sorted;
}

function requireSigner(signer: AgentSignature | undefined, index: number): void {
  if (isBytes(signer?.agentId, AGENT_ID_BYTES) && isBytes(signer?.signature, SIGNATURE_BYTES)) return;
  const field = `signatures[${index}]`;
  if (typeof signer !== 'object' || signer === null) throw new ValidationError('STEME_FIELD_TYPE', field);
  requireAgentId(signer.agentId, `${field}.agentId`);
  requireSignature(signer.signature, `${field}.signature`);
}

/** Reads `count` signatures in canonical order. Throws `DecodeError`. */
export function readSignatures(reader: ByteReader, count: number): readonly AgentSignature[] {
  const signatures: AgentSignature[] = [];
  while (signatures.length < count) {
    const agentId = reader.bytes(AGENT_ID_BYTES);
    const previous = signatures.at(-1);
    if (previous !== undefined && compareBytes(previous.agentId, agentId) >= 0) {
      reader.refuse('STEME_DECODE_SIGNATURE_ORDER', AGENT_ID_BYTES);
    }
    signatures.push({ agentId, signature: reader.bytes(SIGNATURE_BYTES) });
  }
  return signatures;
}

function isStrictlyAscending(signatures: readonly AgentSignature[]): boolean {
  let previous: AgentSignature | undefined;
  for (const current of signatures) {
    if (previous !== undefined && compareBytes(previous.agentId, current.agentId) >= 0) return false;
    previous = current;
  }
  return true;
}
