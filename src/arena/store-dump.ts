import type { StoreDump } from '../check/index.ts';
import { toHex } from '../crypto/index.ts';
import type { StemeDB } from '../engine/index.ts';

/** Reads everything that `db` holds, entry by entry, past all indexes and caches. Run it inside its process. */
export async function dumpStore(db: StemeDB): Promise<StoreDump> {
  const claims = new Map<string, string>();
  const bySubject: [string, string][] = [];
  const bySubjectPredicate: [string, string, string][] = [];
  let quarantined = 0;
  for await (const entry of db.entries()) {
    switch (entry.kind) {
      case 'assertion':
        claims.set(toHex(entry.hash), toHex(entry.bytes));
        break;
      case 'subject-index':
        bySubject.push([entry.subject, toHex(entry.hash)]);
        break;
      case 'subject-predicate-index':
        bySubjectPredicate.push([entry.subject, entry.predicate, toHex(entry.hash)]);
        break;
      case 'quarantined':
        quarantined++;
        break;
    }
  }
  return { claims, bySubject, bySubjectPredicate, quarantined };
}

/** What two dumps of the same state must have in common: everything. */
export function sameDump(one: StoreDump, other: StoreDump): boolean {
  return text(one) === text(other);
}

function text(dump: StoreDump): string {
  return JSON.stringify({ ...dump, claims: [...dump.claims] });
}
