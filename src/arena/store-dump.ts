import { type QuarantinedBody, sameBytes, type StoreDump, type ViewsDump } from '../check/index.ts';
import { toHex } from '../crypto/index.ts';
import type { StemeDB } from '../engine/index.ts';
import { plainResolution } from './population/plain-resolution.ts';

/** Everything that a database holds. */
export interface DatabaseDump extends StoreDump, Pick<ViewsDump, 'votes' | 'tallies' | 'views'> {
  /** By query: what it was, and what won. */
  readonly audits: ReadonlyMap<string, string>;
  /** In the order of the log; `quarantined` is how many. */
  readonly quarantine: readonly QuarantinedBody[];
}

/** Reads everything that `db` holds, entry by entry, past all indexes and caches. Run it inside its process. */
export async function dumpStore(db: StemeDB): Promise<DatabaseDump> {
  const claims = new Map<string, Uint8Array>();
  const bySubject: [string, string][] = [];
  const bySubjectPredicate: [string, string, string][] = [];
  const votes = new Map<string, string>();
  const tallies = new Map<string, { count: bigint; weightMillionths: bigint }>();
  const views: { -readonly [Name in keyof ViewsDump['views'][number]]: ViewsDump['views'][number][Name] }[] =
    [];
  const behind = new Set<string>();
  const audits = new Map<string, string>();
  const quarantine: QuarantinedBody[] = [];
  for await (const entry of db.entries()) {
    switch (entry.kind) {
      case 'assertion':
        claims.set(toHex(entry.hash), entry.bytes);
        break;
      case 'subject-index':
        bySubject.push([entry.subject, toHex(entry.hash)]);
        break;
      case 'subject-predicate-index':
        bySubjectPredicate.push([entry.subject, entry.predicate, toHex(entry.hash)]);
        break;
      case 'vote':
        votes.set(toHex(entry.hash), toHex(entry.assertionHash));
        break;
      case 'vote-count':
      case 'vote-weight': {
        const assertion = toHex(entry.assertionHash);
        const tally = tallies.get(assertion) ?? { count: 0n, weightMillionths: 0n };
        tally[entry.kind === 'vote-count' ? 'count' : 'weightMillionths'] = entry.sum;
        tallies.set(assertion, tally);
        break;
      }
      case 'view': {
        const { subject, predicate, lens, view } = entry;
        const resolution = plainResolution(view.resolution);
        views.push({ subject, predicate, lens, resolution, isBehind: false });
        break;
      }
      case 'view-behind':
        behind.add(JSON.stringify([entry.subject, entry.predicate]));
        break;
      case 'audit': {
        const { lens, subject, predicate } = entry.query;
        const winner = entry.resultHash === undefined ? null : toHex(entry.resultHash);
        audits.set(entry.queryId, JSON.stringify([lens, subject, predicate, winner]));
        break;
      }
      case 'quarantined':
        quarantine.push(entry);
        break;
    }
  }
  for (const view of views) view.isBehind = behind.has(JSON.stringify([view.subject, view.predicate]));
  return {
    votes,
    tallies,
    views,
    audits,
    claims,
    bySubject,
    bySubjectPredicate,
    quarantine,
    quarantined: quarantine.length,
  };
}

/** Whether two dumps have everything in common. */
export function sameDump(one: DatabaseDump, other: DatabaseDump): boolean {
  if (one.claims.size !== other.claims.size || one.quarantined !== other.quarantined) return false;
  for (const [hash, bytes] of one.claims) {
    const others = other.claims.get(hash);
    if (others === undefined || !sameBytes(bytes, others)) return false;
  }
  return indexesOf(one) === indexesOf(other);
}

function indexesOf({ bySubject, bySubjectPredicate, votes, tallies }: DatabaseDump): string {
  const sums = [...tallies].map(([hash, tally]) => [
    hash,
    String(tally.count),
    String(tally.weightMillionths),
  ]);
  return JSON.stringify([bySubject, bySubjectPredicate, [...votes], sums]);
}
