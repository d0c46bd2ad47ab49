import type { FileSystem, Signatures } from '../../ports/index.ts';
import { toHex } from '../../crypto/index.ts';
import { decodeApiKey } from '../access/index.ts';
import { compareBytes } from '../kv/bytes.ts';
import { decodeCounter } from '../kv/index.ts';
import {
  type Assertion,
  assertionHash,
  assertionKey,
  decodeAssertion,
  decodeRecord,
  encodeAssertion,
  type Hash,
  type IdentityOf,
  type ParsedKey,
  parseKey,
  quarantineKey,
  subjectKey,
  subjectPredicateKey,
  verifyAssertionAside,
  voteHash,
  voteKey,
} from '../model/index.ts';
import type { Judgement } from '../wal/judgement.ts';
import type { StoreContent } from './examine-store.ts';
import { examineAudit, examineAuditIndex, examineView } from './examine-derived.ts';
import { examineSums, examineVote } from './examine-votes.ts';
import { damage, type Report } from './finding.ts';
import { recordsOf } from './log-records.ts';
import { tried } from './tried.ts';

/** What the store holds, by kind. */
export interface ClaimsPicture {
  readonly claims: number;
  readonly signatures: number;
  readonly indexEntries: number;
  readonly votes: number;
  readonly views: number;
  /** Records of queries. */
  readonly audits: number;
  readonly quarantined: number;
  /** Claims and votes of the log that are not in the store yet. */
  readonly waiting: number;
}

export interface ClaimsExamination {
  readonly fs: FileSystem;
  readonly signatures: Signatures;
  /** What findings are about, as they are in no file of their own. */
  readonly storePath: string;
  readonly logPath: string;
  readonly store: StoreContent;
  readonly log: Judgement;
  readonly cursor: number;
  readonly identityOf: IdentityOf;
  /** Hears of each claim of the store, and of each that waits in the log. */
  readonly onClaim: ((hash: Hash) => void) | undefined;
}

/**
 * Checks every entry of the store against what it must be, indexes against claims and claims against
 * indexes, and the store against the log: it holds what the log has up to the cursor.
 */
export async function examineClaims(examination: ClaimsExamination, report: Report): Promise<ClaimsPicture> {
  const { storePath, store } = examination;
  const counts: Counts = {
    claims: 0,
    signatures: 0,
    indexEntries: 0,
    votes: 0,
    views: 0,
    audits: 0,
    quarantined: 0,
    waiting: 0,
  };
  for await (const { key, value } of store.scan()) {
    const flaws = await examineEntry(examination, key, value, counts);
    for (const flaw of flaws) report(damage(storePath, undefined, flaw));
  }
  await examineLogAgainstStore(examination, counts, report);
  return counts;
}

type Counts = { -readonly [Name in keyof ClaimsPicture]: number };

async function examineEntry(
  examination: ClaimsExamination,
  key: Uint8Array,
  value: Uint8Array,
  counts: Counts,
): Promise<string[]> {
  const parsed = tried(() => parseKey(key));
  if (parsed instanceof Error) return [`a key that nothing writes: ${toHex(key)}`];
  switch (parsed.table) {
    case 'H':
      counts.claims += 1;
      examination.onClaim?.(parsed.hash);
      return examineClaim(examination, parsed.hash, value, counts);
    case 'S':
    case 'SP':
      counts.indexEntries += 1;
      return examineIndexEntry(examination, parsed, value);
    case 'V':
      counts.votes += 1;
      counts.signatures += 1;
      return examineVote(examination, parsed, value);
    case 'VC':
    case 'VW':
      return examineSums(examination.store, parsed.assertionHash);
    case 'MV':
      counts.views += 1;
      return examineView(examination.store, parsed, value);
    case 'AU':
      counts.audits += 1;
      return examineAudit(examination.store, parsed.queryId, value);
    case 'AA':
      return examineAuditIndex(examination.store, parsed.queryId);
    case 'QR':
      counts.quarantined += 1;
      return [];
    case 'AK': {
      const record = tried(() => decodeApiKey(parsed.keyHash, value));
      return record instanceof Error ? [`an API key cannot be read: ${toHex(parsed.keyHash)}`] : [];
    }
    case 'QT':
      return decodeCounter(value) !== undefined
        ? []
        : [`what API key ${parsed.apiKey} has used is no counter`];
    default:
      return [];
  }
}

async function examineClaim(
  { signatures, store, identityOf }: ClaimsExamination,
  hash: Uint8Array,
  bytes: Uint8Array,
  counts: Counts,
): Promise<string[]> {
  const name = `claim ${toHex(hash)}`;
  const assertion = tried(() => decodeAssertion(bytes));
  if (assertion instanceof Error) return [`${name} cannot be decoded: ${assertion.message}`];
  const flaws: string[] = [];
  if (compareBytes(encodeAssertion(assertion), bytes) !== 0)
    flaws.push(`${name} is not in its canonical form`);
  if (compareBytes(identityOf(assertionHash(assertion)), hash) !== 0)
    flaws.push(`${name} stands under another hash`);
  counts.signatures += assertion.signatures.length;
  const verification = await verifyAssertionAside(assertion, signatures);
  if (!verification.ok)
    flaws.push(`${name} bears a wrong signature, of agent ${toHex(verification.agentId)}`);
  for (const [index, indexKey] of indexKeysOf(assertion, hash)) {
    if ((await store.get(indexKey)) === undefined) flaws.push(`${name} is missing in the index by ${index}`);
  }
  return flaws;
}

function indexKeysOf({ subject, predicate }: Assertion, hash: Uint8Array): [string, Uint8Array][] {
  return [
    ['subject', subjectKey(subject, hash)],
    ['subject and predicate', subjectPredicateKey(subject, predicate, hash)],
  ];
}

async function examineIndexEntry(
  { store }: ClaimsExamination,
  entry: Extract<ParsedKey, { readonly table: 'S' | 'SP' }>,
  value: Uint8Array,
): Promise<string[]> {
  const name = `the index by ${entry.table === 'S' ? 'subject' : 'subject and predicate'}`;
  if (value.length > 0) return [`${name} has a value, which means nothing`];
  const bytes = await store.get(assertionKey(entry.hash));
  if (bytes === undefined) return [`${name} names claim ${toHex(entry.hash)}, which is not there`];
  const assertion = tried(() => decodeAssertion(bytes));
  // A claim that cannot be decoded is reported where it stands.
  if (assertion instanceof Error) return [];
  const isRight =
    assertion.subject === entry.subject && (entry.table === 'S' || assertion.predicate === entry.predicate);
  return isRight ? [] : [`${name} names claim ${toHex(entry.hash)}, which is about something else`];
}

async function examineLogAgainstStore(
  { fs, logPath, store, log, cursor, identityOf, onClaim }: ClaimsExamination,
  counts: Counts,
  report: Report,
): Promise<void> {
  const begin = log.chain[0]?.header.base ?? 0;
  if (cursor > log.dataEnd) {
    report(
      damage(
        logPath,
        undefined,
        `the store has ingested up to ${cursor}, and the log ends at ${log.dataEnd}`,
      ),
    );
  }
  let isBoundary = cursor === 0 || cursor <= begin || cursor >= log.dataEnd;
  for await (const { offset, endOffset, body } of recordsOf(fs, log, begin)) {
    if (endOffset === cursor) isBoundary = true;
    const content = contentOf(body, identityOf);
    if (endOffset > cursor) {
      counts.waiting += 1;
      if (content?.kind === 'claim') onClaim?.(content.hash);
      continue;
    }
    if ((await store.get(quarantineKey(offset))) !== undefined) continue;
    if (content !== undefined && (await store.get(content.key)) !== undefined) continue;
    const what =
      content === undefined
        ? 'a record that is neither claim nor vote'
        : `${content.kind} ${toHex(content.hash)}`;
    report(damage(logPath, undefined, `${what}, at offset ${offset} of the log, is not in the store`));
  }
  if (!isBoundary) report(damage(logPath, undefined, `the cursor, ${cursor}, lies within a record`));
}

interface RecordContent {
  readonly kind: 'claim' | 'vote';
  readonly hash: Hash;
  /** Under which it is stored. */
  readonly key: Uint8Array;
}

/** What a record of the log holds, if it is well-formed. */
function contentOf(body: Uint8Array, identityOf: IdentityOf): RecordContent | undefined {
  const record = tried(() => decodeRecord(body));
  if (record instanceof Error) return undefined;
  if (record.kind === 'assertion') {
    const hash = identityOf(assertionHash(record.assertion));
    return { kind: 'claim', hash, key: assertionKey(hash) };
  }
  const hash = identityOf(voteHash(record.vote));
  return { kind: 'vote', hash, key: voteKey(record.vote.assertionHash, hash) };
}
