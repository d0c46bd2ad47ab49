import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { isErrno } from '../ports/index.ts';

/** Another process has the directory. Nothing was changed in it. */
export class DirectoryLockedError extends Error {
  readonly code = 'STEME_DIRECTORY_LOCKED';
  /** Who has it; `undefined` when that process has not said so yet. */
  readonly holder: string | undefined;

  constructor(directory: string, holder: string | undefined) {
    super(
      `${directory} is in use by ${holder ?? 'another process'}: wait until that has ended, or stop it. ` +
        'The lock goes with the process, so there is no file to remove.',
    );
    this.name = 'DirectoryLockedError';
    this.holder = holder;
  }
}

/** The lock could be neither taken nor refused. */
export class DirectoryLockError extends Error {
  readonly code = 'STEME_DIRECTORY_LOCK';

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`Cannot lock ${path}: ${problem}`, options);
    this.name = 'DirectoryLockError';
  }
}

/**
 * The right to write in a directory, held by at most one process of all that share its file system.
 *
 * It is flock(2) on the file `lock` in it. Node has no call for that; flock(1) has, and a lock belongs to
 * the open file, not to whoever asked for it: the program is handed our descriptor, locks it, and ends.
 * The kernel gives the lock back when this process ends, however it ends, so that none is ever stale; and
 * it knows no pid, so that neither a reused one nor a container's own numbering can mislead it. The file
 * is never removed: whoever locked a removed one would be alone in that belief. What it says of its
 * holder is for people, and decides nothing.
 */
export class DirectoryLock {
  #descriptor: number | undefined;

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /**
   * Takes the lock, or rejects at once: with `DirectoryLockedError` when somebody has it, this process
   * included; with `DirectoryLockError`; or with the system error, as `EACCES`. The directory must exist.
   */
  static async acquire(directory: string): Promise<DirectoryLock> {
    const path = lockPath(directory);
    const descriptor = openSync(path, 'a+', 0o644);
    try {
      if (!(await tryLock(descriptor, path)))
        throw new DirectoryLockedError(directory, DirectoryLock.holderOf(directory));
      ftruncateSync(descriptor);
      writeSync(descriptor, `process ${process.pid} on ${hostname()}\n`);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    return new DirectoryLock(descriptor);
  }

  /**
   * Who says that it has the lock, without touching it: for people, since a process that is about to take
   * it, or has no right to write, may not have said so.
   */
  static holderOf(directory: string): string | undefined {
    let text: string;
    try {
      text = readFileSync(lockPath(directory), 'utf8');
    } catch {
      return undefined;
    }
    const match = /^(process (\d+) on (\S+))\n$/.exec(text);
    const isOurs = match?.[3] === hostname();
    return match === null || (isOurs && !isAlive(Number(match[2]))) ? undefined : match[1];
  }

  /** Gives the lock back. May be called again. */
  release(): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    this.#descriptor = undefined;
    try {
      ftruncateSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** What flock(1) of util-linux and of BusyBox both end with when somebody else has the lock. */
const refusedStatus = 1;

/** Where the child finds the descriptor. */
const childDescriptor = 3;

async function tryLock(descriptor: number, path: string): Promise<boolean> {
  const child = spawn('flock', ['-x', '-n', String(childDescriptor)], {
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
  });
  const complaints: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk));
  const status = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', (error) => {
      const problem = 'the program "flock" could not be run: install util-linux, or BusyBox with flock.';
      reject(new DirectoryLockError(path, problem, { cause: error }));
    });
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  if (status === 0) return true;
  const complaint = Buffer.concat(complaints).toString().trim();
  if (status === refusedStatus && complaint === '') return false;
  throw new DirectoryLockError(
    path,
    `flock ended with ${status}${complaint === '' ? '' : `: ${complaint}`}.`,
  );
}

function lockPath(directory: string): string {
  return `${directory}/lock`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
}
