export interface IngestOptions {
  /** Log bytes taken into one atomic batch of the store; one record is always taken. Default 1 MiB. */
  readonly batchBytesMax?: number;
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

export type ResolvedIngestOptions = Required<IngestOptions>;

export const defaultIngestOptions: ResolvedIngestOptions = {
  batchBytesMax: 1024 * 1024,
  checkpointBytes: 16 * 1024 * 1024,
  retryMs: 10,
  retryMsMax: 5000,
};
