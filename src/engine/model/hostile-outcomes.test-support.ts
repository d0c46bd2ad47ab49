import { expect } from 'vitest';
import { nodeSignatures, toHex } from '../../crypto/index.ts';
import { StemeError } from '../errors.ts';
import { assertionHash, encodeAssertion } from './assertion-codec.ts';
import { assertionFromJson } from './assertion-json.ts';
import type { Expected, HostileInput, Tester } from './hostile-inputs.test-support.ts';
import { decodeRecord, type ModelRecord } from './record.ts';
import { signAssertion, verifyAssertion, verifyVote } from './signing.ts';
import type { Assertion, Vote } from './types.ts';
import { encodeVote } from './vote-codec.ts';
import { voteFromJson } from './vote-json.ts';

/** Somebody else's honest claim. */
export const bystander: Assertion = signAssertion(
  {
    subject: 'Tesla',
    predicate: 'employees',
    object: { type: 'number', value: 140_473 },
    lifecycle: 'proposed',
    confidence: 0.8,
    timestamp: 1_700_000_000_000,
  },
  [new Uint8Array(32).fill(9)],
  nodeSignatures,
);

/** The public key of the first comes before that of the second, as a record wants it. */
export const tester: Tester = {
  signatures: nodeSignatures,
  secretKey: new Uint8Array(32).fill(8),
  otherSecretKey: new Uint8Array(32).fill(7),
  target: assertionHash(bystander),
};

/** What somebody took, or the code with which it was refused. */
export type Outcome = ModelRecord | string;

/** What a server makes of the text. */
export function received(kind: HostileInput['kind'], text: string): Outcome {
  return refusedOr(() => verified(read(kind, text)));
}

/** As `received`, believing every signature. */
export function receivedUnverified(kind: HostileInput['kind'], text: string): Outcome {
  return refusedOr(() => read(kind, text));
}

/** What ingest makes of the record. */
export function ingested(body: Uint8Array): Outcome {
  return refusedOr(() => verified(decodeRecord(body)));
}

export function expectedOf(outcome: Outcome): Expected {
  return typeof outcome === 'string' ? { refused: outcome } : 'stored-exactly';
}

export function encoded(record: ModelRecord): Uint8Array {
  return record.kind === 'assertion' ? encodeAssertion(record.assertion) : encodeVote(record.vote);
}

/** That nothing of what was sent is lost, added or changed. */
export function expectSame(text: string, record: ModelRecord): void {
  const sent = JSON.parse(text) as Record<string, never>;
  if (record.kind === 'assertion') expect(plainAssertion(record.assertion)).toEqual(sentAssertion(sent));
  else expect(plainVote(record.vote)).toEqual({ ...sent, weight: sent['weight']! + 0 });
}

function read(kind: HostileInput['kind'], text: string): ModelRecord {
  const value = parsed(text);
  return kind === 'assertion'
    ? { kind, assertion: assertionFromJson(value) }
    : { kind, vote: voteFromJson(value) };
}

class NotJsonError extends Error {}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotJsonError();
  }
}

function verified(record: ModelRecord): Outcome {
  const verification =
    record.kind === 'assertion'
      ? verifyAssertion(record.assertion, nodeSignatures)
      : verifyVote(record.vote, nodeSignatures);
  return verification.ok ? record : verification.code;
}

/** Anything but a refusal is thrown on. */
function refusedOr(attempt: () => Outcome): Outcome {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof NotJsonError) return 'not-json';
    if (error instanceof StemeError && error.code !== 'STEME_INVARIANT') return error.code;
    throw error;
  }
}

function plainAssertion({ parentHash, sourceHash, signatures, ...content }: Assertion): object {
  return {
    ...content,
    parentHash: parentHash && toHex(parentHash),
    sourceHash: sourceHash && toHex(sourceHash),
    signatures: signatures.map(({ agentId, signature }) => ({
      agentId: toHex(agentId),
      signature: toHex(signature),
    })),
  };
}

function plainVote({ assertionHash, agentId, weightMillionths, timestamp, signature }: Vote): object {
  return {
    assertionHash: toHex(assertionHash),
    agentId: toHex(agentId),
    weight: weightMillionths / 1_000_000,
    timestamp,
    signature: toHex(signature),
  };
}

/** What was sent, with what may be left out, and zeros without a sign. */
function sentAssertion(sent: Readonly<Record<string, unknown>>): object {
  const signatures = sent['signatures'] as readonly { readonly agentId: string }[];
  return {
    lifecycle: 'proposed',
    ...sent,
    object: sentObject(sent['object']),
    confidence: (sent['confidence'] as number) + 0,
    timestamp: (sent['timestamp'] as number) + 0,
    signatures: signatures.toSorted((one, other) => (one.agentId < other.agentId ? -1 : 1)),
  };
}

function sentObject(object: unknown): object {
  if (typeof object === 'string') return { type: 'text', value: object };
  if (typeof object !== 'object' || object === null)
    return { type: typeof object, value: withoutSign(object) };
  const [[type, value] = []] = Object.entries(object) as [string, unknown][];
  return { type, value: withoutSign(value) };
}

function withoutSign(value: unknown): unknown {
  return value === 0 ? 0 : value;
}
