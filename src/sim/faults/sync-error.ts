import type { FailedSync, FileSystemCall } from '../disk/index.ts';
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
    if (file === undefined) return effect();
    if (file.hasFailureToTell) {
      happened('lateSyncError', call);
      return effect();
    }
    if (!file.isDirty || !dice.strikes('syncError', call)) return effect();
    happened('syncError', call);
    const draws = dice.stream('syncError', call);
    if (this.#aftermaths[draws.choose(this.#aftermaths.length)] === 'revert') {
      file.revert();
    } else {
      const dirty = file.dirtyPages;
      // Either every page fails, or one, as with a single bad block.
      const one = dirty[draws.choose(dirty.length)];
      file.syncAllBut(draws.choose(2) === 0 || one === undefined ? dirty : [one]);
    }
    file.failedToSync();
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
