import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
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
  readonly #leave: () => void;

  private constructor(descriptor: number, leave: () => void) {
    this.#descriptor = descriptor;
    this.#leave = leave;
  }

  /**
   * Takes the lock, or rejects within moments: with `DirectoryLockedError` when somebody has it, this process
   * included; with `DirectoryLockError`; or with the system error, as `EACCES`. The directory must exist.
   */
  static async acquire(directory: string): Promise<DirectoryLock> {
    const descriptor = openSync(lockPath(directory), 'a+', 0o644);
    return takeLock(directory, descriptor, () => {
      ftruncateSync(descriptor);
      writeSync(descriptor, `process ${process.pid} on ${hostname()}\n`);
      return new DirectoryLock(descriptor, () => ftruncateSync(descriptor));
    });
  }

  /**
   * Keeps everybody from writing for as long as somebody reads, changing nothing, so that it works also where
   * nothing can be changed. `undefined` when no database was ever opened there, or only a copy of its files
   * is. Rejects as `acquire` does.
   */
  static async acquireToRead(directory: string): Promise<DirectoryLock | undefined> {
    let descriptor: number;
    try {
      descriptor = openSync(lockPath(directory), 'r');
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return undefined;
      throw error;
    }
    return takeLock(directory, descriptor, () => new DirectoryLock(descriptor, () => undefined));
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
      this.#leave();
    } finally {
      closeSync(descriptor);
    }
  }
}

/** Locks the open file and gives what `taken` makes of that; closes the file when there is nothing to give. */
async function takeLock<T>(directory: string, descriptor: number, taken: () => T): Promise<T> {
  try {
    for (let tries = 1; !(await tryLock(descriptor, lockPath(directory))); tries++) {
      const holder = DirectoryLock.holderOf(directory);
      if (holder !== undefined || tries === triesMax) throw new DirectoryLockedError(directory, holder);
      // Somebody has just taken it, or was killed while flock(1), which has the file as well, still ran.
      await setTimeout(retryMs);
    }
    return taken();
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** For a holder that has not said who it is. */
const triesMax = 5;
const retryMs = 50;

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
