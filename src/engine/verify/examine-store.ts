import { type FileSystem, noSites, type Scheduler } from '../../ports/index.ts';
import { BlockCache } from '../kv/block-cache.ts';
import { StoreIoError } from '../kv/errors.ts';
import { StoreDirectory, withOpen } from '../kv/files.ts';
import type { KeyValueReader } from '../kv/key-value-store.ts';
import { decodeLogRecord } from '../kv/log-record.ts';
import type { Manifest } from '../kv/manifest.ts';
import { findManifest } from '../kv/manifest-files.ts';
import { Memtable } from '../kv/memtable.ts';
import { logDirectoryName, manifestName, manifestNumbersIn, runIdsIn, runName } from '../kv/names.ts';
import { scanView, valueOf } from '../kv/read-view.ts';
import type { RunDescriptor, RunSummary } from '../kv/run-format.ts';
import { RunReader } from '../kv/run-reader.ts';
import { Tables } from '../kv/tables.ts';
import { examineLog, type LogPicture } from './examine-log.ts';
import { examineBlocks, examineRunIndex } from './examine-run.ts';
import { damage, damageOf, leftover, type Report } from './finding.ts';
import { recordsOf } from './log-records.ts';

/** A run, and what its footer says; nothing when the footer cannot be believed. */
export interface RunPicture {
  readonly descriptor: RunDescriptor;
  readonly summary: RunSummary | undefined;
}

/** A store as its files have it. */
export interface StorePicture {
  /** `undefined` when there is none that is whole: of an empty store, or of one that is damaged. */
  readonly manifest: Manifest | undefined;
  /** Newest first. */
  readonly runs: readonly RunPicture[];
  readonly log: LogPicture;
  /** What can be read from it; `undefined` when something is damaged without which the rest may mislead. */
  readonly content: StoreContent | undefined;
}

/** What the store holds, for as long as nobody changes its files. */
export interface StoreContent extends KeyValueReader {
  /** Gives back the handles. */
  close(): Promise<void>;
}

export interface StoreExamination {
  readonly fs: FileSystem;
  readonly scheduler: Scheduler;
  readonly directory: string;
  /** Read every block, or no more than the indexes of the runs. */
  readonly withBlocks: boolean;
}

const blockCacheBytes = 8 << 20;

/**
 * Reads a store that nobody has open, and reports all that is wrong with it. Changes nothing. Never rejects
 * for what is in the files; where they cannot be read, that is reported as damage as well.
 */
export async function examineStore(examination: StoreExamination, report: Report): Promise<StorePicture> {
  const { fs } = examination;
  const directory = new StoreDirectory(fs, examination.directory);
  let isSound = true;
  const tell: Report = (finding) => {
    if (finding.severity === 'damage') isSound = false;
    report(finding);
  };
  const manifest = await examineManifests(directory, tell);
  const runs: RunPicture[] = [];
  for (const descriptor of manifest?.runs ?? []) {
    const summary = await examineRun(directory, descriptor, examination.withBlocks, tell);
    runs.push({ descriptor, summary });
  }
  const logOffset = manifest?.logOffset ?? 0;
  const logPath = directory.pathOf(logDirectoryName);
  const log = await examineLog(fs, logPath, { checkpoint: logOffset, neededFrom: logOffset }, tell);
  const { judgement } = log;
  if (manifest === undefined) {
    if (judgement !== undefined && judgement.dataEnd > 0) {
      tell(damage(directory.path, undefined, 'the log of the store holds records, but there is no manifest'));
    }
    return { manifest, runs, log, content: undefined };
  }
  if (log.segments.length === 0) tell(damage(logPath, undefined, 'the log of the store is missing'));
  const memtable = new Memtable();
  if (judgement !== undefined) {
    for await (const record of recordsOf(fs, judgement, logOffset)) {
      const entries = decodeLogRecord(record.body, manifest.storeId);
      if (typeof entries === 'string') {
        tell(damage(logPath, undefined, `at offset ${record.offset} of the log: ${entries}`));
        break;
      }
      for (const [key, value] of entries.copies()) memtable.set(key, value);
    }
  }
  const content = isSound ? await openContent(examination, directory, manifest, memtable) : undefined;
  return { manifest, runs, log, content };
}

async function examineManifests(directory: StoreDirectory, report: Report): Promise<Manifest | undefined> {
  try {
    const names = await directory.list();
    const numbers = manifestNumbersIn(names);
    const { manifest, torn } = await findManifest(directory, numbers);
    const torns = numbers.toReversed().slice(0, torn.length);
    const runIds = runIdsIn(names);
    if (manifest === undefined && runIds.length > 0) {
      report(damage(directory.path, undefined, `there are runs, but ${torn[0] ?? 'no manifest'}`));
    }
    for (const [index, number] of torns.entries()) {
      const reason = `a manifest that was never finished (${torn[index]})`;
      report(leftover(directory.pathOf(manifestName(number)), undefined, reason));
    }
    if (manifest === undefined) return undefined;
    for (const number of numbers) {
      if (number >= manifest.number) continue;
      const reason = `manifest ${manifest.number} has taken its place`;
      report(leftover(directory.pathOf(manifestName(number)), undefined, reason));
    }
    const named = new Set(manifest.runs.map(({ id }) => id));
    for (const id of runIds) {
      if (named.has(id)) continue;
      report(leftover(directory.pathOf(runName(id)), undefined, 'a run that the manifest does not name'));
    }
    const known = new Set([logDirectoryName, ...numbers.map(manifestName), ...runIds.map(runName)]);
    for (const name of names.toSorted()) {
      if (!known.has(name)) report(leftover(directory.pathOf(name), undefined, 'no file of a store'));
    }
    return manifest;
  } catch (error) {
    report(damageOf(error, directory.path));
    return undefined;
  }
}

async function examineRun(
  directory: StoreDirectory,
  descriptor: RunDescriptor,
  withBlocks: boolean,
  report: Report,
): Promise<RunSummary | undefined> {
  const path = directory.pathOf(runName(descriptor.id));
  try {
    return await withOpen(await directory.open(runName(descriptor.id)), async (file) => {
      const found = await examineRunIndex(file, descriptor, report);
      if (found !== undefined && withBlocks) await examineBlocks(file, descriptor, found, report);
      return found?.summary;
    });
  } catch (error) {
    const isMissing = error instanceof StoreIoError && error.errno === 'ENOENT';
    report(
      isMissing
        ? damage(path, undefined, 'the manifest names this run, it is missing')
        : damageOf(error, path),
    );
    return undefined;
  }
}

async function openContent(
  { scheduler }: StoreExamination,
  directory: StoreDirectory,
  manifest: Manifest,
  memtable: Memtable,
): Promise<StoreContent> {
  const context = {
    directory,
    cache: new BlockCache(blockCacheBytes),
    scheduler,
    sites: noSites,
    openRuns: new Set<RunReader>(),
  };
  const runs: RunReader[] = [];
  for (const run of manifest.runs) runs.push(await RunReader.open(context, run));
  const tables = new Tables({ runs, memtable, logOffset: manifest.logOffset }, () => undefined);
  return {
    get: async (key) => valueOf(await tables.lookup(key)),
    scan: (options = {}) =>
      scanView(
        () => tables.view(),
        options,
        () => undefined,
      ),
    close: async () => {
      for (const run of context.openRuns) await run.close();
    },
  };
}
