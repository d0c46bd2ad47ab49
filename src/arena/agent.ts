import { blake3 } from '../crypto/index.ts';
import {
  type AgentId,
  type Assertion,
  type AssertionContent,
  signAssertion,
  signVote,
  type Vote,
  type VoteContent,
} from '../engine/index.ts';
import type { Signatures } from '../ports/index.ts';

/** Somebody with a key who makes claims. */
export interface Agent {
  /** `agent-3`. */
  readonly name: string;
  readonly id: AgentId;
  readonly secretKey: Uint8Array;
  /** Signs a claim, alone or together with others. */
  sign(content: AssertionContent, cosigners?: readonly Agent[]): Assertion;
  /** Signs a vote. */
  vote(content: Omit<VoteContent, 'agentId'>): Vote;
}

/** Keys are the same in every run, so that a process derives each public key once. */
const secretKeys = new Map<string, Uint8Array>();

/** Agents `agent-1` to `agent-<count>`. */
export function makeAgents(signatures: Signatures, count: number): readonly Agent[] {
  return Array.from({ length: count }, (_, index) => makeAgent(signatures, `agent-${index + 1}`));
}

function makeAgent(signatures: Signatures, name: string): Agent {
  let secretKey = secretKeys.get(name);
  if (secretKey === undefined) {
    secretKey = blake3(new TextEncoder().encode(`stemedb-sim ${name}`));
    secretKeys.set(name, secretKey);
  }
  const own = secretKey;
  return {
    name,
    id: signatures.publicKey(own),
    secretKey: own,
    vote: (content) => signVote(content, own, signatures),
    sign: (content, cosigners = []) =>
      signAssertion(content, [own, ...cosigners.map((agent) => agent.secretKey)], signatures),
  };
}
