/** Something in the files of a database that is not as it was written, or need not be there. */
export interface Finding {
  /**
   * `damage`: no crash explains it, or it contradicts what the database promises. `leftover`: a crash, or a
   * removal that failed, has left it; it is no part of the database, and the next opening sees to it.
   */
  readonly severity: 'damage' | 'leftover';
  /** Absolute; a directory when no single file is to blame. */
  readonly path: string;
  /** Bytes from the start of the file; `undefined` when it is about all of it. */
  readonly offset: number | undefined;
  readonly reason: string;
}

/** Hears of each finding as it is made. */
export type Report = (finding: Finding) => void;

export function damage(path: string, offset: number | undefined, reason: string): Finding {
  return { severity: 'damage', path, offset, reason };
}

export function leftover(path: string, offset: number | undefined, reason: string): Finding {
  return { severity: 'leftover', path, offset, reason };
}

/** What an error of the log or the store says, as damage; any other error is thrown again. */
export function damageOf(error: unknown, path: string): Finding {
  if (!(error instanceof Error)) throw error;
  const { code, path: file, offset, reason } = error as Partial<Finding> & { readonly code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('STEME_') || code === 'STEME_INVARIANT') throw error;
  // Offsets of a log count over all its segments, so that they are no place in the file.
  const where =
    code === 'STEME_WAL_CORRUPT' && offset !== undefined ? `, at offset ${offset} of the log` : '';
  return damage(file ?? path, where === '' ? offset : undefined, `${reason ?? error.message}${where}`);
}
