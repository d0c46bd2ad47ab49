import { toHex } from '../../src/crypto/index.ts';
import { StemeDB } from '../../src/engine/index.ts';
import type { Base, StoredClaim } from './base.ts';
import { type Laboratory, ViolationError } from './laboratory.ts';

/** What a database holds, read entry by entry. */
export interface Holdings {
  /** Canonical bytes in hexadecimal, by hash. */
  readonly claims: ReadonlyMap<string, string>;
  /** Index entries in a form that can be compared. */
  readonly indexes: ReadonlySet<string>;
  readonly quarantined: number;
}

/** What became of a database: what it holds, or the error that refused it. */
export type Outcome = Opened | Refused;

export interface Opened {
  readonly kind: 'opened';
  readonly holdings: Holdings;
}

export interface Refused {
  readonly kind: 'refused';
  readonly code: string;
  readonly message: string;
  /** Whether it did not even open, or opened and could not be read. */
  readonly stage: 'open' | 'read';
}

/** Opens, lets ingest catch up, reads everything, closes. Throws `ViolationError` for what is no outcome. */
export async function openAndRead(laboratory: Laboratory, config: Base['config']): Promise<Outcome> {
  let stage: Refused['stage'] = 'open';
  try {
    const holdings = await laboratory.run(async (ports) => {
      const db = await StemeDB.open(ports, config);
      stage = 'read';
      try {
        await db.waitUntilOffset(db.durableOffset);
        return await read(db);
      } finally {
        await db.close();
      }
    });
    return { kind: 'opened', holdings };
  } catch (error) {
    if (error instanceof ViolationError) throw error;
    const { code, message } = reasonOf(error);
    if (code?.startsWith('STEME_') && code !== 'STEME_INVARIANT') {
      return { kind: 'refused', code, message, stage };
    }
    throw new ViolationError(`it fails with what is no error of its own: ${String(error)}`, { cause: error });
  }
}

/** Of an error that tells what has stopped, the error that stopped it. */
function reasonOf(error: unknown): { code?: string; message: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: string };
  return code === 'STEME_INGEST_STOPPED' || code === 'STEME_KV_POISONED' ? reasonOf(error.cause) : error;
}

async function read(db: StemeDB): Promise<Holdings> {
  const claims = new Map<string, string>();
  const indexes = new Set<string>();
  let quarantined = 0;
  for await (const entry of db.entries()) {
    switch (entry.kind) {
      case 'assertion':
        claims.set(toHex(entry.hash), toHex(entry.bytes));
        break;
      case 'subject-index':
        indexes.add(subjectEntry({ ...entry, hash: toHex(entry.hash) }));
        break;
      case 'subject-predicate-index':
        indexes.add(pairEntry({ ...entry, hash: toHex(entry.hash) }));
        break;
      case 'quarantined':
        quarantined += 1;
        break;
      case 'cursor':
        break;
    }
  }
  return { claims, indexes, quarantined };
}

/** The indexes that these claims must have, and no other entries. */
export function indexesOf(claims: Iterable<StoredClaim>): Set<string> {
  const indexes = new Set<string>();
  for (const claim of claims) indexes.add(subjectEntry(claim)).add(pairEntry(claim));
  return indexes;
}

function subjectEntry({ subject, hash }: Pick<StoredClaim, 'subject' | 'hash'>): string {
  return JSON.stringify([subject, hash]);
}

function pairEntry({ subject, predicate, hash }: Omit<StoredClaim, 'bytes'>): string {
  return JSON.stringify([subject, predicate, hash]);
}
