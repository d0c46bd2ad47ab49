import type { ErrnoCode, FailedSync, FileSystemCall } from '../disk/index.ts';
import { type Fault, type FaultSetting, refusalOf } from './fault.ts';
import { edquot } from './space.ts';
import { abandonPages } from './sync-error.ts';

/**
 * Delayed allocation: a write took bytes for which a sync, or the close, finds no room. Of a file that was not
 * to grow nothing is missing. A `close` that fails has closed all the same.
 */
export class LateSpaceFault implements Fault {
  readonly #setting: FaultSetting;
  readonly #kind: 'lateNoSpace' | 'lateQuota';
  readonly #aftermaths: readonly FailedSync[];

  constructor(setting: FaultSetting, kind: 'lateNoSpace' | 'lateQuota', aftermaths: readonly FailedSync[]) {
    this.#setting = setting;
    this.#kind = kind;
    this.#aftermaths = aftermaths;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    const { file } = call;
    if (file === undefined || file.hasFailureToTell || !dice.concerns(this.#kind, call)) return effect();
    const { newPages } = file;
    if (newPages.length === 0 || !dice.strikes(this.#kind, call)) return effect();
    happened(this.#kind, call);
    const code: ErrnoCode = this.#kind === 'lateNoSpace' ? 'ENOSPC' : edquot;
    abandonPages(file, newPages, this.#aftermaths, dice.stream(this.#kind, call));
    file.failedToSync(code);
    if (call.operation === 'close') effect();
    throw refusalOf(call, code);
  }
}
