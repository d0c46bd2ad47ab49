import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory, StemeDB } from '../../engine/index.ts';
import { DirectoryLock, hostPorts } from '../../host/index.ts';
import type { Ports } from '../../ports/index.ts';
import { UsageError } from '../usage-error.ts';

/** What a database has in its directory; anything else there is somebody else's. */
const own = new Set(['keys', 'kv', 'lock', 'wal']);

/** The directory as an absolute path, which must hold a database. Throws `UsageError`. */
export async function existingDatabase(data: string): Promise<string> {
  const directory = path.resolve(data);
  const names = await namesIn(directory);
  if (names?.includes('wal') === true || names?.includes('kv') === true) return directory;
  throw new UsageError(
    names === undefined
      ? `--data ${data}: there is no such directory. "stemedb submit" makes one.`
      : `--data ${data}: there is no database in this directory, which has neither wal/ nor kv/.`,
  );
}

/** As `existingDatabase`, or one that may become a database, which is made when it is not there. */
export async function newOrExistingDatabase(data: string): Promise<string> {
  const directory = path.resolve(data);
  const names = await namesIn(directory);
  const foreign = names?.find((name) => !own.has(name));
  if (foreign !== undefined && names?.includes('wal') !== true) {
    throw new UsageError(
      `--data ${data}: the directory holds other things ("${foreign}") and no database. Name one that is empty, or new.`,
    );
  }
  if (names !== undefined && names.length > 0) return directory;
  try {
    await makeDirectory(hostPorts().fs, directory);
  } catch (error) {
    // Node may say ENOENT where a file system is read-only, so its message alone would mislead.
    const { message } = error as Error;
    throw new UsageError(
      `--data ${data}: the directory cannot be made; is there one above it that can be written? (${message})`,
    );
  }
  return directory;
}

/**
 * Runs `body` with the database open and nobody else in it, and closes it on every way out. When both
 * `body` and closing fail, what happened first is what the caller hears.
 */
export async function withDatabase<T>(
  directory: string,
  body: (db: StemeDB, ports: Ports) => Promise<T>,
): Promise<T> {
  return withLock(directory, async () => {
    const ports = hostPorts();
    const db = await StemeDB.open(ports, { directory });
    let result: T;
    try {
      result = await body(db, ports);
    } catch (error) {
      await db.close().catch(() => undefined);
      throw error;
    }
    await db.close();
    return result;
  });
}

/** Runs `body` while nobody else has the database. */
export async function withLock<T>(directory: string, body: () => Promise<T>): Promise<T> {
  const lock = await DirectoryLock.acquire(directory);
  try {
    return await body();
  } finally {
    lock.release();
  }
}

/** As `withLock`, for a look that changes nothing. */
export async function withReadLock<T>(directory: string, body: () => Promise<T>): Promise<T> {
  const lock = await DirectoryLock.acquireToRead(directory);
  try {
    return await body();
  } finally {
    lock?.release();
  }
}

async function namesIn(directory: string): Promise<string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') throw new UsageError(`${directory} is a file, not the directory of a database.`);
    throw error;
  }
}
