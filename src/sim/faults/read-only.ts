import { type Disk, type FileSystemCall } from '../disk/index.ts';
import { accessOf } from '../disk/open-file.ts';
import { changesNames, makesName } from './fault.ts';
import type { RefusalTerms } from './lasting-refusal.ts';

/**
 * The file system is remounted read-only, as ext4 does after an error of its own: what changes anything fails,
 * a sync of what is still pending too, and nothing that is pending gets lost by it. It ends after a while, or
 * when the machine starts again.
 */
export const readOnly: RefusalTerms = {
  kind: 'readOnly',
  event: 'readOnlyRefusal',
  code: 'EROFS',
  endsWithPower: true,
  refuses(disk, call) {
    switch (call.operation) {
      case 'open':
        return call.flags !== undefined && changesWhenOpened(disk, call, accessOf[call.flags]);
      case 'write':
        return call.length > 0;
      case 'fsync':
      case 'fdatasync':
        return call.file?.isDirty === true;
      case 'ftruncate':
        return true;
      default:
        return changesNames(disk, call);
    }
  },
};

/** A handle to write with is refused, unless there is another reason to: no such file, or one too many. */
function changesWhenOpened(disk: Disk, call: FileSystemCall, access: (typeof accessOf)['w']): boolean {
  if (disk.has(call.path)) return access.write && !access.exclusive;
  return access.create && makesName(disk, call, call.path);
}
