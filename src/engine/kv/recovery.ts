import type { Entropy, Telemetry } from '../../ports/index.ts';
import { StoreCorruptError } from './errors.ts';
import { tryToRemove } from './leftovers.ts';
import { decodeLogRecord } from './log-record.ts';
import { type Manifest, storeIdBytes } from './manifest.ts';
import { findManifest, type TornManifest, writeManifest } from './manifest-files.ts';
import type { KeyValueReader } from './key-value-store.ts';
import { Memtable } from './memtable.ts';
import {
  logDirectoryName,
  manifestName,
  manifestNumbersIn,
  numberBelievable,
  runIdsIn,
  runName,
} from './names.ts';
import { valueOf } from './read-view.ts';
import type { StoreDirectory } from './files.ts';
import { type RunContext, RunReader } from './run-reader.ts';
import { WalCorruptError } from '../wal/index.ts';
import { RunSet } from './run-set.ts';
import type { JudgedStoreLog, JudgeStoreLog, StoreLog } from './store-log.ts';

/**
 * Looks at what a store holds before anything in it is changed. A store for which this rejects is not
 * opened, and is left as it is. `found` cannot be read any more afterwards.
 */
export type StoreReview = (found: Pick<KeyValueReader, 'get'>) => Promise<void>;

export interface RecoveryParts {
  readonly entropy: Entropy;
  readonly telemetry: Telemetry;
  readonly context: RunContext;
  readonly judgeLog: JudgeStoreLog;
  readonly review: StoreReview | undefined;
}

/** A store as it was found, ready to be served. */
export interface Recovered {
  /** Durable, and new: see `recover`. */
  readonly manifest: Manifest;
  /** Open, newest first. */
  readonly runs: readonly RunReader[];
  readonly log: StoreLog;
  /** What the log has beyond the runs. */
  readonly memtable: Memtable;
  /** Where the log ends. */
  readonly logOffset: number;
}

/** What the names in the directory say. */
interface Names {
  readonly manifestNumbers: readonly number[];
  readonly runIds: readonly number[];
}

/**
 * Finds the state that a directory holds, or begins a new one, and makes it durable.
 *
 * Everything is read and judged first, the content of the log and what `review` has to say included: a
 * store that is refused was not changed, and neither was its log.
 *
 * The manifest that was found is always written again, under a new number: it may be here only because the
 * page cache is, left by a process that was killed before it could sync, or whose sync failed. Only what
 * this process has synced is a reason to remove anything. Up to then only the log is changed, in its own
 * crash-safe way, so that a crash at any step leaves the next recovery the same to find.
 *
 * Rejects with `StoreCorruptError`, `StoreVersionError`, `StoreIoError`, or what judging or opening the log
 * or the review rejects with; everything that was opened is closed then.
 */
export async function recover(parts: RecoveryParts): Promise<Recovered> {
  const { directory, openRuns } = parts.context;
  const entries = await directory.list();
  const names = { manifestNumbers: manifestNumbersIn(entries), runIds: runIdsIn(entries) };
  const { manifest, torn } = await findManifest(directory, names.manifestNumbers);
  refuseForeign(directory, names, manifest);
  let log: StoreLog | undefined;
  try {
    const runs: RunReader[] = [];
    for (const run of manifest?.runs ?? []) runs.push(await RunReader.open(parts.context, run));
    const judged = await (manifest === undefined
      ? judgeFirstLog(parts, names, torn)
      : judgeLogOf(parts, manifest));
    const { memtable, logOffset } = await replay(parts, judged, manifest);
    if (parts.review !== undefined) await reviewed(parts.review, runs, memtable);
    // Up to here everything was only read. This also makes the directories, durably: the manifest comes after.
    log = await judged.open();
    if (manifest === undefined) parts.telemetry.reached('kv.created');
    const found = manifest ?? emptyManifest(parts.entropy);
    const next = {
      ...found,
      number: (names.manifestNumbers.at(-1) ?? 0) + 1,
      nextRunId: Math.max(found.nextRunId, (names.runIds.at(-1) ?? 0) + 1),
    };
    await writeManifest(directory, next);
    for (const { name, reason } of torn) {
      parts.telemetry.reached('kv.torn-manifest-discarded');
      parts.telemetry.log('warn', 'kv.torn-manifest-discarded', { reason: `${name}: ${reason}` });
    }
    await removeLeftovers(parts, names, next, log);
    return { manifest: next, runs, log, memtable, logOffset };
  } catch (error) {
    // What stands in the way of opening is what the caller must hear.
    for (const run of openRuns) await run.close().catch(() => undefined);
    await log?.close().catch(() => undefined);
    throw manifest === undefined ? error : notTorn(directory, torn, error);
  }
}

/**
 * A manifest is durable before anything goes that only an older one needs. If the older one does not hold, for
 * what it needs is gone, then the newer one was durable once: no crash has torn it, it is damaged.
 */
function notTorn(directory: StoreDirectory, torn: readonly TornManifest[], error: unknown): unknown {
  const [newest] = torn;
  if (newest === undefined) return error;
  if (!(error instanceof StoreCorruptError || error instanceof WalCorruptError)) return error;
  const reason = `${newest.reason}, and with the manifest before it the store is not whole (${error.reason})`;
  return new StoreCorruptError(directory.pathOf(newest.name), 0, reason, { cause: error });
}

/** The next file would have no number left: somebody has put these here. */
function refuseForeign(
  directory: StoreDirectory,
  { manifestNumbers, runIds }: Names,
  manifest: Manifest | undefined,
): void {
  const number = manifestNumbers.at(-1) ?? 0;
  const runId = Math.max(runIds.at(-1) ?? 0, manifest?.nextRunId ?? 0);
  if (Math.max(number, runId) <= numberBelievable) return;
  const name = number > numberBelievable ? manifestName(number) : runName(runId);
  throw new StoreCorruptError(directory.path, 0, `${name} has a number that no store reaches`);
}

/** The log of a directory without a manifest: fine if nothing but the first one can be missing. */
async function judgeFirstLog(
  parts: RecoveryParts,
  names: Names,
  [newest]: readonly TornManifest[],
): Promise<JudgedStoreLog> {
  const { directory } = parts.context;
  const reason = newest === undefined ? 'no manifest is there' : `${newest.name}: ${newest.reason}`;
  const orphan = names.runIds[0];
  if (orphan !== undefined) {
    throw new StoreCorruptError(directory.path, 0, `${runName(orphan)} is there, but ${reason}`);
  }
  const log = await parts.judgeLog(0);
  if (log.endOffset === 0) return log;
  throw new StoreCorruptError(directory.path, 0, `the log holds records, but ${reason}`);
}

async function judgeLogOf(parts: RecoveryParts, manifest: Manifest): Promise<JudgedStoreLog> {
  const { directory } = parts.context;
  const segments = await directory.list(logDirectoryName);
  if (segments.length === 0) {
    // The log was durable before the first manifest, and always keeps its newest segment.
    throw new StoreCorruptError(directory.pathOf(logDirectoryName), 0, 'the log is missing');
  }
  return parts.judgeLog(manifest.logOffset);
}

function emptyManifest(entropy: Entropy): Manifest {
  return { number: 0, storeId: entropy.bytes(storeIdBytes), logOffset: 0, nextRunId: 1, runs: [] };
}

/** What the log has beyond the runs; nothing when there is no manifest yet. */
async function replay(
  parts: RecoveryParts,
  log: JudgedStoreLog,
  manifest: Manifest | undefined,
): Promise<Pick<Recovered, 'memtable' | 'logOffset'>> {
  const memtable = new Memtable();
  if (manifest === undefined) return { memtable, logOffset: 0 };
  let { logOffset } = manifest;
  const reader = log.reader(logOffset);
  try {
    for (let record = await reader.next(); record !== undefined; record = await reader.next()) {
      const entries = decodeLogRecord(record.body, manifest.storeId);
      if (typeof entries === 'string') {
        const path = parts.context.directory.pathOf(logDirectoryName);
        throw new StoreCorruptError(path, record.offset, entries);
      }
      for (const [key, value] of entries.copies()) memtable.set(key, value);
      logOffset = record.endOffset;
    }
  } finally {
    await reader.close();
  }
  if (memtable.entries > 0) parts.telemetry.reached('kv.log-replayed');
  return { memtable, logOffset };
}

async function reviewed(review: StoreReview, runs: readonly RunReader[], memtable: Memtable): Promise<void> {
  // Let go of afterwards, and closed by nobody: the store that is made from these runs holds them next.
  const set = new RunSet(runs, () => undefined);
  try {
    await review({ get: async (key) => valueOf(memtable.lookup(key) ?? (await set.lookup(key))) });
  } finally {
    set.letGo();
  }
}

/** Removes older and torn manifests, then the runs that nobody names, then the log that nobody needs. */
async function removeLeftovers(
  { context, telemetry }: RecoveryParts,
  names: Names,
  manifest: Manifest,
  log: StoreLog,
): Promise<void> {
  for (const number of names.manifestNumbers) {
    const name = manifestName(number);
    await tryToRemove(telemetry, name, () => context.directory.remove(name));
  }
  const named = new Set(manifest.runs.map((run) => run.id));
  for (const id of names.runIds) {
    if (named.has(id)) continue;
    const name = runName(id);
    telemetry.reached('kv.orphan-run-removed');
    await tryToRemove(telemetry, name, () => context.directory.remove(name));
  }
  await tryToRemove(telemetry, 'the log of what is in runs', () => log.cleanup(manifest.logOffset));
}
