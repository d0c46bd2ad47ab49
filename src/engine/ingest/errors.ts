import { StemeError } from '../errors.ts';

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
