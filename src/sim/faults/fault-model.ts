import type { FileHandle, FileSystem } from '../../ports/index.ts';
import type { FileSystemCall } from '../disk/index.ts';
import type { DiskFaultKind } from './rates.ts';

/** What any call may meet. */
const time = ['slow', 'stall'] as const;
const space = ['noSpace', 'quota'] as const;
const lateSpace = ['lateNoSpace', 'lateQuota'] as const;
const names = ['noSpaceForNames', 'quotaForNames'] as const;
const failedSync = ['syncError', 'directorySyncError', 'unreportedSyncError'] as const;
const lies = ['lostWrite', 'misdirectedWrite'] as const;
const sync = ['readOnly', ...failedSync, ...lateSpace, ...lies, ...time] as const;

/**
 * Which faults each method of the port can meet, in the order in which they are asked: an earlier one that
 * fails a call leaves nothing to a later one. A method without an entry does not compile.
 */
export const faultModel = {
  open: ['interrupted', 'noHandles', 'readOnly', ...space, ...names, ...time],
  readdir: ['noHandles', ...time],
  mkdir: ['readOnly', ...space, ...names, ...time],
  rename: ['readOnly', ...space, ...names, ...time],
  unlink: ['readOnly', ...names, ...time],
  rmdir: ['readOnly', ...names, ...time],
  stat: time,
  read: ['interrupted', 'eviction', 'readError', 'shortRead', 'bitRot', ...time],
  write: ['interrupted', 'readOnly', 'writeError', ...space, 'shortWrite', ...time],
  sync,
  datasync: sync,
  truncate: ['readOnly', ...time],
  close: [...lateSpace, ...time],
} as const satisfies Record<keyof FileSystem | keyof FileHandle, readonly DiskFaultKind[]>;

export type FaultyMethod = keyof typeof faultModel;

/** The method of the port behind each system call. */
export const methodOf = {
  open: 'open',
  readdir: 'readdir',
  mkdir: 'mkdir',
  rename: 'rename',
  unlink: 'unlink',
  rmdir: 'rmdir',
  stat: 'stat',
  read: 'read',
  write: 'write',
  fsync: 'sync',
  fdatasync: 'datasync',
  ftruncate: 'truncate',
  fstat: 'stat',
  close: 'close',
} as const satisfies Record<FileSystemCall['operation'], FaultyMethod>;
