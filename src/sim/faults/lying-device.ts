import type { FileSystemCall } from '../disk/index.ts';
import type { Fault, FaultSetting } from './fault.ts';

/**
 * The device says that it has written, and one page of the sync is not where it belongs: written nowhere, or in
 * the place of a page of another file. Memory has both pages as they should be until the power is lost.
 */
export class LyingDevice implements Fault {
  readonly #setting: FaultSetting;
  readonly #kind: 'lostWrite' | 'misdirectedWrite';

  constructor(setting: FaultSetting, kind: 'lostWrite' | 'misdirectedWrite') {
    this.#setting = setting;
    this.#kind = kind;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    const { file } = call;
    const dirty = file?.dirtyPages ?? [];
    if (file === undefined || dirty.length === 0) return effect();
    if (this.#kind === 'misdirectedWrite' && !file.canBeMisdirected) return effect();
    if (!dice.strikes(this.#kind, call)) return effect();
    happened(this.#kind, call);
    const draws = dice.stream(this.#kind, call);
    const page = dirty[draws.choose(dirty.length)] ?? 0;
    if (this.#kind === 'lostWrite') file.syncAllBut([page]);
    else file.misdirect(page, (domain) => draws.choose(domain));
    return effect();
  }
}
