import { invariant } from '../errors.ts';
import { HASH_BYTES } from './format.ts';
import { KeyWriter } from './key-writer.ts';
import type { AgentId, Hash } from './types.ts';

/*
 * The keys of the store. No two different lists of parts make the same key, keys sort by table and then part
 * by part, and the prefix of one subject begins no key of another, whatever bytes it holds.
 *
 *   key     table name (ASCII)  00  part*
 *   text    UTF-8, each 00 written as 00 FF, then 00 01       sorts by code point, a prefix first
 *   hash    32 bytes as they are                              also agents
 *   u64     8 bytes, most significant first
 *
 *   "SP" ("Tesla", "a" NUL, hash)
 *   53 50 00 │ 54 65 73 6C 61  00 01 │ 61  00 FF  00 01 │ hash
 *   S  P     │ T  e  s  l  a   end   │ a   NUL    end   │
 *
 *   H    assertion
 *   S    subject, assertion               SP   subject, predicate, assertion
 *   V    assertion, vote                  VC   assertion          VW   assertion
 *   MV   subject, predicate, lens         MD   subject, predicate
 *   AU   query                            AA   agent, time, query
 *   QR   offset                           QT   API key, window    CUR
 *   AK   hash of an API key
 */

const writer = new KeyWriter();

export function assertionKey(hash: Hash): Uint8Array<ArrayBuffer> {
  return writer.table('H').hash(hash, 'hash').take();
}

export function subjectKey(subject: string, hash: Hash): Uint8Array<ArrayBuffer> {
  return start('S', subject).hash(hash, 'hash').take();
}

/** Begins the keys of all assertions about a subject. */
export function subjectPrefix(subject: string): Uint8Array<ArrayBuffer> {
  return start('S', subject).take();
}

export function subjectPredicateKey(subject: string, predicate: string, hash: Hash): Uint8Array<ArrayBuffer> {
  return start('SP', subject, predicate).hash(hash, 'hash').take();
}

/** Begins the keys of all assertions about a subject with a predicate. */
export function subjectPredicatePrefix(subject: string, predicate: string): Uint8Array<ArrayBuffer> {
  return start('SP', subject, predicate).take();
}

export function voteKey(assertion: Hash, vote: Hash): Uint8Array<ArrayBuffer> {
  return writer.table('V').hash(assertion, 'assertionHash').hash(vote, 'hash').take();
}

/** Begins the keys of all votes on an assertion. */
export function votePrefix(assertion: Hash): Uint8Array<ArrayBuffer> {
  return writer.table('V').hash(assertion, 'assertionHash').take();
}

export function voteCountKey(assertion: Hash): Uint8Array<ArrayBuffer> {
  return writer.table('VC').hash(assertion, 'assertionHash').take();
}

export function voteWeightKey(assertion: Hash): Uint8Array<ArrayBuffer> {
  return writer.table('VW').hash(assertion, 'assertionHash').take();
}

export function viewKey(subject: string, predicate: string, lens: string): Uint8Array<ArrayBuffer> {
  return start('MV', subject, predicate).text(lens, 'lens', 'STEME_NAME_TOO_LONG').take();
}

/** Begins the keys of the views of all lenses on a subject and a predicate. */
export function viewPrefix(subject: string, predicate: string): Uint8Array<ArrayBuffer> {
  return start('MV', subject, predicate).take();
}

/** Marks that the views on a subject and a predicate are behind the store. */
export function dirtyKey(subject: string, predicate: string): Uint8Array<ArrayBuffer> {
  return start('MD', subject, predicate).take();
}

/** Begins the keys of all marks that views are behind. */
export const dirtyPrefix: Uint8Array = writer.table('MD').take();

export function auditKey(queryId: string): Uint8Array<ArrayBuffer> {
  return writer.table('AU').text(queryId, 'queryId', 'STEME_NAME_TOO_LONG').take();
}

export function agentAuditKey(agentId: AgentId, timestamp: number, queryId: string): Uint8Array<ArrayBuffer> {
  writer.table('AA').hash(agentId, 'agentId').u64(timestamp);
  return writer.text(queryId, 'queryId', 'STEME_NAME_TOO_LONG').take();
}

/** Begins the keys of everything that an agent asked, oldest first. */
export function agentAuditPrefix(agentId: AgentId): Uint8Array<ArrayBuffer> {
  return writer.table('AA').hash(agentId, 'agentId').take();
}

export function quarantineKey(offset: number): Uint8Array<ArrayBuffer> {
  return writer.table('QR').u64(offset).take();
}

/** Begins the keys of everything in quarantine, by offset. */
export const quarantinePrefix: Uint8Array = writer.table('QR').take();

export function quotaKey(apiKey: string, window: number): Uint8Array<ArrayBuffer> {
  return writer.table('QT').text(apiKey, 'apiKey', 'STEME_NAME_TOO_LONG').u64(window).take();
}

/** Begins the keys of all that an API key has used, window by window. */
export function quotaPrefix(apiKey: string): Uint8Array<ArrayBuffer> {
  return writer.table('QT').text(apiKey, 'apiKey', 'STEME_NAME_TOO_LONG').take();
}

/** Of what is known of an API key; the key itself is nowhere. */
export function apiKeyKey(keyHash: Hash): Uint8Array<ArrayBuffer> {
  return writer.table('AK').hash(keyHash, 'keyHash').take();
}

/** Begins the keys of everything that is known of API keys, by their hashes. */
export const apiKeyPrefix: Uint8Array = writer.table('AK').take();

/** Of the ingest cursor, of which there is one. */
export const cursorKey: Uint8Array = writer.table('CUR').take();

/** The assertion that a `subjectKey` is for. */
export function hashOfSubjectKey(key: Uint8Array): Hash {
  return lastHash(key);
}

/** The assertion that a `subjectPredicateKey` is for. */
export function hashOfSubjectPredicateKey(key: Uint8Array): Hash {
  return lastHash(key);
}

function lastHash(key: Uint8Array): Hash {
  invariant(key.length > HASH_BYTES, 'the key of an index ends in a hash');
  return Uint8Array.from(key.subarray(-HASH_BYTES));
}

function start(table: string, subject: string, predicate?: string): KeyWriter {
  writer.table(table).text(subject, 'subject', 'STEME_SUBJECT_TOO_LONG');
  if (predicate !== undefined) writer.text(predicate, 'predicate', 'STEME_PREDICATE_TOO_LONG');
  return writer;
}
