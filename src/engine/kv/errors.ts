import { errnoOf } from '../../ports/index.ts';
import { StemeError } from '../errors.ts';

/**
 * What is on the disk is not what this store wrote there, beyond what a crash can explain. Nothing was
 * repaired or removed.
 */
export class StoreCorruptError extends StemeError {
  readonly path: string;
  /** Bytes from the start of the file, or the offset in the log. */
  readonly offset: number;
  readonly reason: string;

  constructor(path: string, offset: number, reason: string, options?: ErrorOptions) {
    super(
      'STEME_KV_CORRUPT',
      `${path} is damaged at offset ${offset}: ${reason}. Restore the whole directory of the store from a ` +
        'backup, or remove it and let it be built again from the log of assertions; do not repair single files.',
      options,
    );
    this.path = path;
    this.offset = offset;
    this.reason = reason;
  }
}

/** The directory was written by another release. Nothing was changed. */
export class StoreVersionError extends StemeError {
  constructor(name: string, found: number, expected: number) {
    super(
      'STEME_KV_VERSION',
      `${name} has format version ${found}, this release reads ${expected}. Open the store with the release ` +
        'that wrote it.',
    );
  }
}

/** A call of the file system failed. Of a read: nothing is lost, the caller may try again. */
export class StoreIoError extends StemeError {
  readonly path: string;
  /** The Node code of the failure, such as `EIO`. */
  readonly errno: string | undefined;

  constructor(operation: string, path: string, cause: unknown) {
    const errno = errnoOf(cause);
    super(
      'STEME_KV_IO',
      `Cannot ${operation} ${path} (${errno ?? 'unknown error'}). A read may be tried again; ` +
        'check the disk if it keeps failing.',
      { cause },
    );
    this.path = path;
    this.errno = errno;
  }
}

/** The store takes no more writes, for `cause` happened; the rejected write was not applied. */
export class StorePoisonedError extends StemeError {
  constructor(cause: unknown) {
    super(
      'STEME_KV_POISONED',
      `The store stopped accepting writes after: ${messageOf(cause)} ` +
        'Close it, see to the cause, and open it again: recovery brings back every durable batch.',
      { cause },
    );
  }
}

/** The log failed while the batch was on its way: only the next recovery can tell whether it is there. */
export class StoreIndeterminateError extends StemeError {
  constructor(cause: unknown) {
    super(
      'STEME_KV_INDETERMINATE',
      `The log failed while this batch was written: ${messageOf(cause)} ` +
        'Do not assume either outcome; open the store again and look.',
      { cause },
    );
  }
}

/** The store was closed before or during the call. */
export class StoreClosedError extends StemeError {
  constructor() {
    super('STEME_KV_CLOSED', 'The store is closed. Open it again to go on.');
  }
}

/** A batch that can never be applied: a key or value too large, a delta that is no integer. */
export class StoreBatchError extends StemeError {
  constructor(problem: string) {
    super('STEME_KV_BATCH', `The batch was refused and nothing was written: ${problem}.`);
  }
}

/** An increment met a value that is no counter, or would leave the range of 128 bits. */
export class StoreCounterError extends StemeError {
  constructor(problem: string) {
    super('STEME_KV_COUNTER', `The batch was refused and nothing was written: ${problem}.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
