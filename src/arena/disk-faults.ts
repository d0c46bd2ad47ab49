import type { DiskFaultEvent } from '../sim/index.ts';

interface DiskFaultInfo {
  /** In the record of a run. */
  readonly name: string;
  /** In the history, after `node-1` and before the path; absent where there are too many to tell of. */
  readonly told?: string;
  /** A call fails with an error that its caller can do nothing about but pass it on. */
  readonly fails?: true;
}

/** How what happens to file-system calls is counted and told. */
export const diskFaults: Readonly<Record<DiskFaultEvent, DiskFaultInfo>> = {
  readError: { name: 'read-error', told: 'cannot read (EIO)', fails: true },
  badSector: { name: 'read-error-again', told: 'still cannot read (EIO)', fails: true },
  shortRead: { name: 'short-read' },
  shortWrite: { name: 'short-write' },
  interrupted: { name: 'interrupted' },
  noHandles: { name: 'no-handles', told: 'has no handle left for (EMFILE)', fails: true },
  noSpace: { name: 'disk-full', told: 'runs out of space' },
  spaceRefusal: { name: 'disk-full-refusal', told: 'finds the disk full (ENOSPC)', fails: true },
  quota: { name: 'quota-exceeded', told: 'runs out of quota' },
  quotaRefusal: { name: 'quota-refusal', told: 'finds the quota exceeded (EDQUOT)', fails: true },
  writeError: { name: 'write-error', told: 'cannot write (EIO)', fails: true },
  syncError: { name: 'sync-error', told: 'cannot sync (EIO)', fails: true },
  lateSyncError: { name: 'sync-error-late', told: 'is told of a failed sync (EIO)', fails: true },
  eviction: { name: 'eviction', told: 'forgets pages that never reached the disk' },
  readOnly: { name: 'read-only', told: 'has its file system remounted read-only' },
  readOnlyRefusal: { name: 'read-only-refusal', told: 'may not change (EROFS)', fails: true },
  slow: { name: 'disk-slow' },
  stall: { name: 'disk-stall', told: 'has a disk that stands still' },
  lostWrite: { name: 'lost-page', told: 'has a disk that skips a page' },
  misdirectedWrite: { name: 'misdirected-page', told: 'has a disk that writes a page in the wrong place' },
};
