import { errnoOf } from '../../ports/index.ts';
import { StemeError } from '../errors.ts';

/**
 * The log does not hold what it must hold, and no crash explains that. Nothing was changed: no file was
 * written, cut or removed.
 */
export class WalCorruptError extends StemeError {
  /** The file, or the directory when no single file is to blame. */
  readonly path: string;
  /** Where in the log; `undefined` when the file has no readable header to tell. */
  readonly offset: number | undefined;
  readonly reason: string;

  constructor(path: string, offset: number | undefined, reason: string) {
    super(
      'STEME_WAL_CORRUPT',
      `The log is corrupt in ${path}${offset === undefined ? '' : ` at offset ${offset}`}: ${reason}. ` +
        'Nothing was changed. Copy the directory before anything else, then restore it from a backup or a ' +
        'replica; do not cut or remove single files.',
    );
    this.path = path;
    this.offset = offset;
    this.reason = reason;
  }
}

/**
 * Records that were read a moment ago are not there any more. They were never durable: a process that is gone
 * had failed to sync them, and the system has dropped from memory what no disk has. Nothing that was
 * acknowledged is among them, nothing is lost by opening the log again, and what is found then can be relied on.
 */
export class WalChangedError extends StemeError {
  constructor(path: string, offset: number, fault: string) {
    super(
      'STEME_WAL_CHANGED',
      `In ${path} at offset ${offset} there is ${fault} since it was first read: what had never reached the ` +
        'disk has gone from memory, too. Nothing that was acknowledged is affected; open the log again.',
    );
  }
}

/** A segment was written in another version of the format. Nothing was changed. */
export class WalVersionError extends StemeError {
  constructor(path: string, found: number, expected: number) {
    super(
      'STEME_WAL_VERSION',
      `${path} has log format ${found}, this release reads ${expected}. Open the log with the release that wrote it.`,
    );
  }
}

/**
 * A call of the file system failed outside an append: while the log was opened, read or cleaned up.
 * Nothing that the log holds is lost; the call may be tried again.
 */
export class WalIoError extends StemeError {
  readonly path: string;
  /** The Node code of the failure, such as `EIO`; `undefined` when the cause is no system error. */
  readonly errno: string | undefined;

  constructor(operation: string, path: string, cause: unknown) {
    const errno = errnoOf(cause);
    super(
      'STEME_WAL_IO',
      `Could not ${operation} ${path} (${errno ?? messageOf(cause)}). The call may be tried again; check the ` +
        'disk, its free space and the limits of the process if it keeps failing.',
      { cause },
    );
    this.path = path;
    this.errno = errno;
  }
}

/** A write or sync failed, and the journal takes no more appends until it is opened again. */
export class WalPoisonedError extends StemeError {
  /**
   * `true`: what was in progress may be in the log or not, and only the next recovery can tell.
   * `false`: the call came after the failure and has certainly done nothing.
   */
  readonly indeterminate: boolean;

  constructor(indeterminate: boolean, cause: unknown) {
    super(
      'STEME_WAL_POISONED',
      `The log could not be written: ${messageOf(cause)} ` +
        (indeterminate
          ? 'Whether what was in progress is in the log is unknown until it is opened again.'
          : 'This call has done nothing; close the journal, see to the cause, and open it again.'),
      { cause },
    );
    this.indeterminate = indeterminate;
  }
}

/** The journal, or the reader, was closed before or during the call. An append was not made. */
export class WalClosedError extends StemeError {
  constructor() {
    super('STEME_WAL_CLOSED', 'The journal is closed. Open it again to go on.');
  }
}

/** More bytes wait to be written than `queueBytesMax`. The append was not made. */
export class WalBusyError extends StemeError {
  constructor(queuedBytes: number) {
    super(
      'STEME_WAL_BUSY',
      `${queuedBytes} bytes wait to be written, and nothing more is queued. Wait for room(), then append again.`,
    );
  }
}

/** The body is larger than `bodyBytesMax`. The append was not made. */
export class WalBodyError extends StemeError {
  constructor(bodyBytes: number, bodyBytesMax: number) {
    super(
      'STEME_WAL_BODY_TOO_LARGE',
      `A body of ${bodyBytes} bytes exceeds the limit of ${bodyBytesMax}. Split it, or open the log with a ` +
        'larger bodyBytesMax.',
    );
  }
}

/** A journal cannot be opened with such options. Nothing was touched. */
export class WalOptionsError extends StemeError {
  constructor(option: string, rule: string, value: number) {
    super('STEME_WAL_OPTIONS', `The option ${option} must be ${rule}, not ${value}.`);
  }
}

/** An offset outside what the log holds: cleaned up already, or beyond its durable end. */
export class WalOffsetError extends StemeError {
  readonly offset: number;

  constructor(offset: number, problem: string) {
    super('STEME_WAL_OFFSET', `Offset ${offset} ${problem}.`);
    this.offset = offset;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
