import { type Disk, type FileSystemCall, pageSizeBytes } from '../disk/index.ts';
import { changesNames, type Fault, type FaultSetting, makesName, refusalOf } from './fault.ts';
import type { RefusalTerms } from './lasting-refusal.ts';
import type { SpaceFaultRate } from './rates.ts';

/** libuv has no name for EDQUOT. */
export const edquot = 'Unknown system error -122';

/**
 * Others fill the disk, or use up the quota, and after a while give the space back. Space is counted in pages.
 * A write takes what still fits, and the next one fails; a new name needs a free page for its directory.
 */
export class SpaceFault implements Fault {
  readonly #setting: FaultSetting;
  readonly #kind: 'noSpace' | 'quota';
  readonly #rate: SpaceFaultRate;
  /** What may be allocated in all. */
  #limitBytes = Infinity;
  #untilMicros = 0;

  constructor(setting: FaultSetting, kind: 'noSpace' | 'quota', rate: SpaceFaultRate) {
    this.#setting = setting;
    this.#kind = kind;
    this.#rate = rate;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    const disk = this.#setting.disk();
    if (!dice.concerns(this.#kind, call) || !needsSpace(disk, call)) return effect();
    const freeBytes = this.#freeBytes(disk, call);
    if (call.operation === 'write') {
      const fits = call.file?.fit(call.length, call.position ?? 0, freeBytes) ?? 0;
      if (fits > 0) {
        call.length = Math.min(call.length, fits);
        return effect();
      }
    } else if (freeBytes >= pageSizeBytes) {
      return effect();
    }
    happened(this.#kind === 'noSpace' ? 'spaceRefusal' : 'quotaRefusal', call);
    throw refusalOf(call, this.#kind === 'noSpace' ? 'ENOSPC' : edquot);
  }

  #freeBytes(disk: Disk, call: FileSystemCall): number {
    const { dice, happened } = this.#setting;
    const now = this.#setting.nowMicros();
    if (now >= this.#untilMicros) {
      this.#limitBytes = Infinity;
      if (dice.strikes(this.#kind, call)) {
        happened(this.#kind, call);
        this.#untilMicros = now + dice.micros(this.#kind, call, this.#rate.microsMax);
        this.#limitBytes = disk.allocatedBytes + this.#leftBytes(call);
      }
    }
    return this.#limitBytes - disk.allocatedBytes;
  }

  /** All that may be left, nothing, or something in between. */
  #leftBytes(call: FileSystemCall): number {
    const draws = this.#setting.dice.stream(this.#kind, call);
    const { leftBytesMax } = this.#rate;
    const how = draws.choose(3);
    if (how === 0) return leftBytesMax;
    return how === 1 ? draws.choose(leftBytesMax + 1) : 0;
  }
}

/** No name can be made, moved or removed: a journal, or a tree that is copied on write, needs room to change. */
export const noSpaceForNames: RefusalTerms = {
  kind: 'noSpaceForNames',
  event: 'nameSpaceRefusal',
  code: 'ENOSPC',
  endsWithPower: false,
  refuses: changesNames,
};

export const quotaForNames: RefusalTerms = {
  ...noSpaceForNames,
  kind: 'quotaForNames',
  event: 'nameQuotaRefusal',
  code: edquot,
};

/** Whether the call allocates anything, as far as it is not refused for another reason. */
function needsSpace(disk: Disk, call: FileSystemCall): boolean {
  switch (call.operation) {
    case 'write':
      return (call.file?.fit(call.length, call.position ?? 0, 0) ?? call.length) < call.length;
    case 'open':
    case 'mkdir':
      return changesNames(disk, call);
    case 'rename':
      return disk.has(call.path) && call.to !== undefined && makesName(disk, call, call.to);
    default:
      return false;
  }
}
