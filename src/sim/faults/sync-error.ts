import type { Draws } from '../choices/index.ts';
import type { FailedSync, FileSystemCall, OpenFile } from '../disk/index.ts';
import { type Fault, type FaultSetting, refusalOf } from './fault.ts';

/**
 * A sync fails once, and some or all of what it should have written counts as written from then on: the same
 * sync again succeeds, and writes nothing. Every other handle of the file is told at its own next sync. Of a
 * directory the names stay pending, and another sync does write them.
 */
export class SyncError implements Fault {
  readonly #setting: FaultSetting;
  readonly #aftermaths: readonly FailedSync[];

  constructor(setting: FaultSetting, aftermaths: readonly FailedSync[]) {
    this.#setting = setting;
    this.#aftermaths = aftermaths;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    const { file } = call;
    if (file === undefined || file.hasFailureToTell) return effect();
    if (!file.isDirty || !dice.strikes('syncError', call)) return effect();
    happened('syncError', call);
    abandonPages(file, file.dirtyPages, this.#aftermaths, dice.stream('syncError', call));
    file.failedToSync('EIO');
    throw refusalOf(call, 'EIO');
  }
}

/** What a file's sync leaves that could not write `pages`: all of them are lost, or one, as with a single bad block. */
export function abandonPages(
  file: OpenFile,
  pages: readonly number[],
  aftermaths: readonly FailedSync[],
  draws: Draws,
): void {
  if (aftermaths[draws.choose(aftermaths.length)] === 'revert') {
    file.revert();
    return;
  }
  const one = pages[draws.choose(pages.length)];
  file.syncAllBut(draws.choose(2) === 0 || one === undefined ? pages : [one]);
}

/** A sync succeeds and has written nothing; that it failed is said at the next one. */
export class UnreportedSyncError implements Fault {
  readonly #setting: FaultSetting;

  constructor(setting: FaultSetting) {
    this.#setting = setting;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    const { file } = call;
    if (file === undefined || file.hasFailureToTell || file.dirtyPages.length === 0) return effect();
    if (!dice.strikes('unreportedSyncError', call)) return effect();
    happened('unreportedSyncError', call);
    file.syncAllBut(file.dirtyPages);
    const result = effect();
    file.willFailToSync('EIO');
    return result;
  }
}

/**
 * A directory's block cannot be written, and is marked clean all the same, as that of a file is: another sync
 * succeeds and writes only what has changed since. An ordered journal still commits the names in time.
 */
export class DirectorySyncError implements Fault {
  readonly #setting: FaultSetting;

  constructor(setting: FaultSetting) {
    this.#setting = setting;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    if (call.file?.hasDirtyNames !== true || !dice.strikes('directorySyncError', call)) return effect();
    happened('directorySyncError', call);
    call.file.forgetNames();
    throw refusalOf(call, 'EIO');
  }
}

/** Pages that count as written and are not are dropped from memory, and this read finds the old ones. */
export class Eviction implements Fault {
  readonly #setting: FaultSetting;

  constructor(setting: FaultSetting) {
    this.#setting = setting;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    if (call.file?.hasStalePages === true && dice.strikes('eviction', call)) {
      happened('eviction', call);
      call.file.evict();
    }
    return effect();
  }
}
