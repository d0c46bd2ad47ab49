import { hashName } from '../trace/index.ts';

/** Number and text of the system errors that the simulated disk raises or faults may inject, as libuv has them. */
const systemErrors = {
  ENOENT: [2, 'no such file or directory'],
  EINTR: [4, 'interrupted system call'],
  EIO: [5, 'i/o error'],
  EBADF: [9, 'bad file descriptor'],
  ENOMEM: [12, 'not enough memory'],
  EBUSY: [16, 'resource busy or locked'],
  EEXIST: [17, 'file already exists'],
  ENOTDIR: [20, 'not a directory'],
  EISDIR: [21, 'illegal operation on a directory'],
  EINVAL: [22, 'invalid argument'],
  EMFILE: [24, 'too many open files'],
  EFBIG: [27, 'file too large'],
  ENOSPC: [28, 'no space left on device'],
  EROFS: [30, 'read-only file system'],
  ENAMETOOLONG: [36, 'name too long'],
  ENOTEMPTY: [39, 'directory not empty'],
  /** An exceeded quota (EDQUOT), for which libuv has no name. */
  'Unknown system error -122': [122, 'Unknown system error -122'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrnoCode = keyof typeof systemErrors;

/** A system error with the fields and the message that Node gives it. */
export interface ErrnoError extends Error {
  readonly code: ErrnoCode;
  /** Negative, as libuv has it. */
  readonly errno: number;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
}

/** Makes the error; calls on an open file have neither `path` nor `dest`. */
export function errno(code: ErrnoCode, syscall: string, path?: string, dest?: string): ErrnoError {
  const [number, text] = systemErrors[code];
  const from = path === undefined ? '' : ` '${path}'`;
  const to = dest === undefined ? '' : ` -> '${dest}'`;
  const error = new Error(`${code}: ${text}, ${syscall}${from}${to}`);
  return Object.assign(error, {
    errno: -number,
    code,
    syscall,
    ...(path === undefined ? {} : { path }),
    ...(dest === undefined ? {} : { dest }),
  });
}

const codesByOutcome = new Map(Object.keys(systemErrors).map((code) => [hashName(code), code as ErrnoCode]));

/** The system error that a step of a trace ended with, if it did. */
export function failedWith(outcome: number): ErrnoCode | undefined {
  return codesByOutcome.get(outcome >>> 0);
}
