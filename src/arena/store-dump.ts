import { sameBytes, type StoreDump } from '../check/index.ts';
import { toHex } from '../crypto/index.ts';
import type { StemeDB } from '../engine/index.ts';

/** Reads everything that `db` holds, entry by entry, past all indexes and caches. Run it inside its process. */
export async function dumpStore(db: StemeDB): Promise<StoreDump> {
  const claims = new Map<string, Uint8Array>();
  const bySubject: [string, string][] = [];
  const bySubjectPredicate: [string, string, string][] = [];
  let quarantined = 0;
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
      case 'quarantined':
        quarantined++;
        break;
    }
  }
  return { claims, bySubject, bySubjectPredicate, quarantined };
}

/** Whether two dumps have everything in common. */
export function sameDump(one: StoreDump, other: StoreDump): boolean {
  if (one.claims.size !== other.claims.size || one.quarantined !== other.quarantined) return false;
  for (const [hash, bytes] of one.claims) {
    const others = other.claims.get(hash);
    if (others === undefined || !sameBytes(bytes, others)) return false;
  }
  return indexesOf(one) === indexesOf(other);
}

function indexesOf({ bySubject, bySubjectPredicate }: StoreDump): string {
  return JSON.stringify([bySubject, bySubjectPredicate]);
}
