import { type FileSystemCall, pageSizeBytes } from '../disk/index.ts';
import type { Fault, FaultSetting } from './fault.ts';

/**
 * The medium has changed a bit by itself, among those that a read is about to get: whoever reads it again gets
 * the same, and so does the next process. Only what is durable can rot, so what is pending there is left alone.
 */
export class BitRot implements Fault {
  readonly #setting: FaultSetting;

  constructor(setting: FaultSetting) {
    this.#setting = setting;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    const { file, position = 0 } = call;
    if (!dice.concerns('bitRot', call)) return effect();
    const end = position + Math.min(call.length, file?.bytesFrom(position) ?? 0);
    const pages = file?.pagesAtRest(position, end) ?? [];
    if (file === undefined || pages.length === 0 || !dice.strikes('bitRot', call)) return effect();
    happened('bitRot', call);
    const draws = dice.stream('bitRot', call);
    const page = pages[draws.choose(pages.length)] ?? 0;
    const from = Math.max(position, page * pageSizeBytes);
    const to = Math.min(end, (page + 1) * pageSizeBytes);
    file.rot(from + draws.choose(to - from), draws.choose(8));
    return effect();
  }
}
