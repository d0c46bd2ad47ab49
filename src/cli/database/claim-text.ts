import { toHex } from '../../crypto/index.ts';
import type { Assertion, Hash, ObjectValue } from '../../engine/index.ts';
import { counted, named, quoted, tableLines } from './text.ts';

export interface FoundClaim {
  readonly hash: Hash;
  readonly assertion: Assertion;
  /** The weight is an exact decimal. */
  readonly votes: { readonly count: number; readonly weight: string };
}

/** A table, a row for each claim, by predicate and then by object. */
export function listing(claims: readonly FoundClaim[]): string {
  const rows = claims
    .map(({ hash, assertion }) => [
      named(assertion.predicate),
      objectText(assertion.object),
      assertion.lifecycle,
      String(assertion.confidence),
      timeText(assertion.timestamp).slice(0, 10),
      assertion.signatures.map(({ agentId }) => toHex(agentId).slice(0, 8)).join(' '),
      toHex(hash),
    ])
    .toSorted((one, other) => (one.join('\n') < other.join('\n') ? -1 : 1));
  const head = ['PREDICATE', 'OBJECT', 'LIFECYCLE', 'CONFIDENCE', 'WHEN', 'AGENT', 'HASH'];
  return `${tableLines([head, ...rows]).join('\n')}\n`;
}

/** All that there is to say of each claim. */
export function detail(claims: readonly FoundClaim[]): string {
  const rows = claims.flatMap(({ hash, assertion, votes }) => [
    ['hash', toHex(hash)],
    ['subject', named(assertion.subject)],
    ['predicate', named(assertion.predicate)],
    ['object', objectText(assertion.object)],
    ['lifecycle', assertion.lifecycle],
    ['confidence', String(assertion.confidence)],
    ['when', timeText(assertion.timestamp)],
    ...(assertion.epoch === undefined ? [] : [['epoch', String(assertion.epoch)]]),
    ...(assertion.parentHash === undefined ? [] : [['parent', toHex(assertion.parentHash)]]),
    ...(assertion.sourceHash === undefined ? [] : [['source', toHex(assertion.sourceHash)]]),
    ...assertion.signatures.map(({ agentId }) => ['signed by', toHex(agentId)]),
    ['votes', votes.count === 0 ? 'none' : `${counted(votes.count, 'vote')} of weight ${votes.weight}`],
  ]);
  return `${tableLines(rows).join('\n')}\n`;
}

/** What is claimed, safe for a terminal. */
export function objectText(object: ObjectValue): string {
  if (object.type === 'text') return quoted(object.value);
  return object.type === 'reference' ? `-> ${named(object.value)}` : String(object.value);
}

/** The last moment that JavaScript's dates reach is less than what a timestamp may be. */
const dateMsMax = 8.64e15;

/** As ISO 8601 has it. */
export function timeText(timestamp: number): string {
  return timestamp <= dateMsMax ? new Date(timestamp).toISOString() : `${timestamp} ms`;
}
