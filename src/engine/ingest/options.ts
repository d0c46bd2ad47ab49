import { type IdentityOf, wholeHash } from '../model/index.ts';

export interface IngestOptions {
  /** Records are verified by so many workers beside each other, 1 to 64. Default 4. */
  readonly workers?: number;
  /** Log bytes taken into one atomic batch of the store; one record is always taken. Default 1 MiB. */
  readonly batchBytesMax?: number;
  /** Records taken into one batch, which one worker verifies. Default 64. */
  readonly batchRecordsMax?: number;
  /**
   * After this many bytes of log the cursor is made durable and the log below it is given back.
   * Default 16 MiB.
   */
  readonly checkpointBytes?: number;
  /** Wait before a read of the log that failed is tried again; doubles up to `retryMsMax`. Default 10. */
  readonly retryMs?: number;
  /** Default 5000. */
  readonly retryMsMax?: number;
}

export interface ResolvedIngestOptions extends Required<IngestOptions> {
  readonly identityOf: IdentityOf;
}

const defaults: ResolvedIngestOptions = {
  workers: 4,
  batchBytesMax: 1024 * 1024,
  batchRecordsMax: 64,
  checkpointBytes: 16 * 1024 * 1024,
  retryMs: 10,
  retryMsMax: 5000,
  identityOf: wholeHash,
};

const workersMax = 64;

/** Fills in the defaults. Throws `RangeError` for what cannot work. */
export function ingestOptionsOf(
  options: IngestOptions & { readonly identityOf?: IdentityOf },
): ResolvedIngestOptions {
  const resolved = { ...defaults, ...options };
  const { workers, batchRecordsMax } = resolved;
  if (!Number.isInteger(workers) || workers < 1 || workers > workersMax) {
    throw new RangeError(`ingest.workers is ${workers}; it must be an integer from 1 to ${workersMax}`);
  }
  if (!Number.isInteger(batchRecordsMax) || batchRecordsMax < 1) {
    throw new RangeError(`ingest.batchRecordsMax is ${batchRecordsMax}; it must be an integer from 1 on`);
  }
  return resolved;
}
