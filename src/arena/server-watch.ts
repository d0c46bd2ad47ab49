import { Violation } from '../check/index.ts';

/** What has happened to a server since somebody began to look. */
export interface ServerWatch {
  /** Whether it was closed, crashed or not yet there at any time. */
  hasBeenAway(): boolean;
  /** Whether a call of its file system has failed since its process began, or since then. */
  hasDiskFailed(): boolean;
}

type Excuse = 'away' | 'disk' | 'load';

/**
 * What must have happened for a server to say, with status 503, that it cannot just now. Codes that are not here
 * are never excused: `STEME_KV_CLOSED`, for one, says that a part of the database is closed, which is nothing that
 * a user knows of.
 */
const excuseOf: Readonly<Record<string, Excuse | undefined>> = {
  STEME_CLOSED: 'away',
  STEME_NOT_READY: 'away',
  STEME_INGEST_STOPPED: 'disk',
  STEME_WAL_CHANGED: 'disk',
  STEME_WAL_IO: 'disk',
  STEME_WAL_POISONED: 'disk',
  STEME_KV_INDETERMINATE: 'disk',
  STEME_KV_IO: 'disk',
  STEME_KV_POISONED: 'disk',
  STEME_DEADLINE_PASSED: 'load',
  STEME_WAL_BUSY: 'load',
};

/** Throws a violation if nothing excuses that the server says `code`, with status 503, to `call`. */
export function requireExcuse(watch: ServerWatch, call: string, code: string): void {
  const excuse = excuseOf[code];
  if (excuse === 'load') return;
  if (excuse === 'away' && watch.hasBeenAway()) return;
  if (excuse === 'disk' && watch.hasDiskFailed()) return;
  throw new Violation({
    property: 'valid-is-taken',
    category: 'refused',
    code,
    message: `The server says to "${call}" that it cannot just now, and nothing has happened to it.`,
    expected: 'an answer',
    actual: `status 503, ${code}`,
  });
}
