import { StemeError } from '../engine/index.ts';

/** The database could not do it, because its disk failed: whether it took effect is unknown. */
export class UnavailableError extends Error {
  constructor(call: string, cause: Error) {
    super(`"${call}" was not done, for the disk failed: ${cause.message}`, { cause });
    this.name = 'UnavailableError';
  }
}

/**
 * What a database says when its disk has failed it. `passing`: this call could not be done, another may.
 * `lasting`: it takes no more writes, or ingests no more, until it is opened again.
 */
export type Ailment = 'passing' | 'lasting';

const ailments: Readonly<Record<string, Ailment>> = {
  STEME_WAL_IO: 'passing',
  STEME_KV_IO: 'passing',
  STEME_WAL_POISONED: 'lasting',
  STEME_KV_POISONED: 'lasting',
  STEME_KV_INDETERMINATE: 'lasting',
  STEME_INGEST_STOPPED: 'lasting',
};

/** `undefined` for an error that no failure of a disk explains. */
export function ailmentOf(error: unknown): Ailment | undefined {
  if (!(error instanceof StemeError)) return undefined;
  // Ingest tries again until the disk lets it: for a call that failed it must not stop.
  if (error.code === 'STEME_INGEST_STOPPED' && ailmentOf(error.cause) === 'passing') return undefined;
  return ailments[error.code];
}
