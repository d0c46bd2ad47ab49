import { toHex } from '../../crypto/index.ts';
import { StemeError } from '../errors.ts';
import type { Hash } from '../model/index.ts';

/** Ingest has stopped, because of `cause`; what was acknowledged is in the log, and not all is in the store. */
export class IngestStoppedError extends StemeError {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      'STEME_INGEST_STOPPED',
      `Ingest has stopped: ${reason} Close the database, mend that, and open it again.`,
      {
        cause,
      },
    );
  }
}

/** The database is closed. */
export class DatabaseClosedError extends StemeError {
  constructor(options?: ErrorOptions) {
    super('STEME_CLOSED', 'The database is closed: open it again before using it.', options);
  }
}

/** Something else is stored under the hash of a claim or a vote. */
export class HashCollisionError extends StemeError {
  constructor(hash: Hash) {
    super(
      'STEME_HASH_COLLISION',
      `Other content is stored under the hash ${toHex(hash)}: either the store is damaged, which "stemedb verify" ` +
        'tells, or BLAKE3 is broken, which is worth a report. Nothing was written.',
    );
  }
}
