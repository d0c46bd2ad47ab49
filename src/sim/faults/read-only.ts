import { type Disk, type FileSystemCall } from '../disk/index.ts';
import { accessOf } from '../disk/open-file.ts';
import { type Fault, type FaultSetting, makesName, refusalOf } from './fault.ts';

/**
 * The file system is remounted read-only, as ext4 does after an error of its own: what changes anything fails,
 * a sync of what is still pending too, and nothing that is pending gets lost by it. It ends after a while, or
 * when the machine starts again.
 */
export class ReadOnly implements Fault {
  readonly #setting: FaultSetting;
  readonly #microsMax: number;
  #untilMicros = 0;

  constructor(setting: FaultSetting, microsMax: number) {
    this.#setting = setting;
    this.#microsMax = microsMax;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    if (!dice.concerns('readOnly', call) || !changes(this.#setting.disk(), call)) return effect();
    const now = this.#setting.nowMicros();
    if (now >= this.#untilMicros) {
      if (!dice.strikes('readOnly', call)) return effect();
      happened('readOnly', call);
      this.#untilMicros = now + dice.micros('readOnly', call, this.#microsMax);
    }
    happened('readOnlyRefusal', call);
    throw refusalOf(call, 'EROFS');
  }

  rebooted(): void {
    this.#untilMicros = 0;
  }
}

function changes(disk: Disk, call: FileSystemCall): boolean {
  switch (call.operation) {
    case 'open':
      return call.flags !== undefined && changesWhenOpened(disk, call, accessOf[call.flags]);
    case 'mkdir':
      return makesName(disk, call, call.path);
    case 'rename':
    case 'unlink':
    case 'rmdir':
      return disk.has(call.path);
    case 'write':
      return call.length > 0;
    case 'fsync':
    case 'fdatasync':
      return call.file?.isDirty === true;
    case 'ftruncate':
      return true;
    default:
      return false;
  }
}

/** A handle to write with is refused, unless there is another reason to: no such file, or one too many. */
function changesWhenOpened(disk: Disk, call: FileSystemCall, access: (typeof accessOf)['w']): boolean {
  if (disk.has(call.path)) return access.write && !access.exclusive;
  return access.create && makesName(disk, call, call.path);
}
