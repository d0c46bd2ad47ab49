import { type Disk, errno, type ErrnoCode, type ErrnoError, type FileSystemCall } from '../disk/index.ts';
import { accessOf } from '../disk/open-file.ts';
import type { DiskFaultDice } from './dice.ts';
import type { DiskFaultEvent } from './rates.ts';

/** One kind of fault on one machine. */
export interface Fault {
  /** Runs `effect`, in the step in which the call takes effect; or makes the call short, or throws. */
  meet<T>(call: FileSystemCall, effect: () => T): T;

  /** The machine was started again: what lay in its memory is gone. */
  rebooted?(): void;
}

/** What a fault works with. */
export interface FaultSetting {
  readonly dice: DiskFaultDice;
  /** The disk that is in the machine now. */
  disk(): Disk;
  nowMicros(): number;
  /** Counts, and tells. */
  happened(event: DiskFaultEvent, call: FileSystemCall): void;
}

/** Whether the call would make a name at `path`: there is none yet, and there is a place for it. */
export function makesName(disk: Disk, call: FileSystemCall, path: string): boolean {
  if (disk.has(path)) return false;
  return call.recursive === true || disk.has(path.slice(0, path.lastIndexOf('/') + 1));
}

/** Whether the call would make, move or remove a name, as far as it is not refused for another reason. */
export function changesNames(disk: Disk, call: FileSystemCall): boolean {
  switch (call.operation) {
    case 'open':
      return call.flags !== undefined && accessOf[call.flags].create && makesName(disk, call, call.path);
    case 'mkdir':
      return makesName(disk, call, call.path);
    case 'rename':
    case 'unlink':
    case 'rmdir':
      return disk.has(call.path);
    default:
      return false;
  }
}

/** The error as the call would have it: calls on a handle name no path. */
export function refusalOf(call: FileSystemCall, code: ErrnoCode): ErrnoError {
  const syscall = call.operation === 'readdir' ? 'scandir' : call.operation;
  return call.file === undefined ? errno(code, syscall, call.path, call.to) : errno(code, syscall);
}
