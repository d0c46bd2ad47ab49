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
  lateNoSpace: { name: 'disk-full-late', told: 'has no room for what it took (ENOSPC)', fails: true },
  lateQuota: { name: 'quota-exceeded-late', told: 'has no quota for what it took (EDQUOT)', fails: true },
  noSpaceForNames: { name: 'disk-full-names', told: 'runs out of space for names' },
  nameSpaceRefusal: {
    name: 'disk-full-names-refusal',
    told: 'has no room to change a name (ENOSPC)',
    fails: true,
  },
  quotaForNames: { name: 'quota-exceeded-names', told: 'runs out of quota for names' },
  nameQuotaRefusal: {
    name: 'quota-names-refusal',
    told: 'has no quota to change a name (EDQUOT)',
    fails: true,
  },
  writeError: { name: 'write-error', told: 'cannot write (EIO)', fails: true },
  syncError: { name: 'sync-error', told: 'cannot sync (EIO)', fails: true },
  lateSyncError: { name: 'sync-error-late', told: 'is told of a failed sync', fails: true },
  unreportedSyncError: { name: 'sync-error-unreported', told: 'says it has synced, and has not' },
  directorySyncError: { name: 'directory-sync-error', told: 'cannot sync its names (EIO)', fails: true },
  eviction: { name: 'eviction', told: 'forgets pages that never reached the disk' },
  readOnly: { name: 'read-only', told: 'has its file system remounted read-only' },
  readOnlyRefusal: { name: 'read-only-refusal', told: 'may not change (EROFS)', fails: true },
  slow: { name: 'disk-slow' },
  stall: { name: 'disk-stall', told: 'has a disk that stands still' },
  lostWrite: { name: 'lost-page', told: 'has a disk that skips a page' },
  misdirectedWrite: { name: 'misdirected-page', told: 'has a disk that writes a page in the wrong place' },
  bitRot: { name: 'bit-rot-served', told: 'finds a bit flipped' },
};
