/** Which calls a fault strikes, and how often. A fault that is not named does not happen. */
export interface DiskFaultRate {
  /** One of so many calls that it could strike, decided by the seed; 0: never. */
  readonly outOf: number;
  /** At most so many times on one machine. */
  readonly max: number;
  /** Only calls whose path contains this. */
  readonly under?: string | undefined;
  /** `serving`: neither strikes nor is felt while a database opens. Default `always`, but see `readError`. */
  readonly during?: 'always' | 'serving' | undefined;
}

/** A fault that lasts 1 to `microsMax` virtual microseconds; a short time is as likely as a long one. */
export interface TimedDiskFaultRate extends DiskFaultRate {
  readonly microsMax: number;
}

/** The disk is full but for at most `leftBytesMax`, then others give their space back. */
export interface SpaceFaultRate extends TimedDiskFaultRate {
  readonly leftBytesMax: number;
}

export interface ReadErrorRate extends DiskFaultRate {
  /**
   * Of sectors that cannot be read, one of so many stays so for good; default 0: none does. With such sectors
   * `during` is `serving` unless it is given, for a log that can never be read can never be opened.
   */
  readonly lastingOutOf?: number | undefined;
}

/** What may happen to the calls of a machine's file system. Each fault has a switch, a rate and a budget of its own. */
export interface DiskFaults {
  /** EIO on `read`: a sector cannot be read, this time or for good. */
  readonly readError: ReadErrorRate;
  /** A `read` gets fewer bytes than there are, and at least one. */
  readonly shortRead: DiskFaultRate;
  /** A `write` takes fewer bytes than it was given, and at least one. */
  readonly shortWrite: DiskFaultRate;
  /** EINTR on `open`, `read` and `write`: nothing has happened. */
  readonly interrupted: DiskFaultRate;
  /** EMFILE on `open` and `readdir`: others have all the handles. */
  readonly noHandles: DiskFaultRate;
  /** ENOSPC: others fill the disk. A write is short, the next one fails; `unlink` frees. */
  readonly noSpace: SpaceFaultRate;
  /** As `noSpace`, by a quota: EDQUOT, for which Node has no name. */
  readonly quota: SpaceFaultRate;
  /**
   * ENOSPC on `sync`, `datasync` and `close`: a write was promised room that there is not. What needed it counts
   * as written all the same; the crash profile says what becomes of it.
   */
  readonly lateNoSpace: DiskFaultRate;
  /** As `lateNoSpace`, by a quota: EDQUOT. */
  readonly lateQuota: DiskFaultRate;
  /** ENOSPC for a while on whatever makes, moves or removes a name: a file system may need room even to free some. */
  readonly noSpaceForNames: TimedDiskFaultRate;
  /** As `noSpaceForNames`, by a quota: EDQUOT. */
  readonly quotaForNames: TimedDiskFaultRate;
  /** EIO on `write`: some of its bytes may be there all the same. */
  readonly writeError: DiskFaultRate;
  /** EIO on `sync` and `datasync`; the crash profile says what becomes of the pages. */
  readonly syncError: DiskFaultRate;
  /**
   * A sync says yes, and its pages count as written and are not; every handle of the file, this one too, is told
   * at its next sync (EIO), as with data journalling.
   */
  readonly unreportedSyncError: DiskFaultRate;
  /** EIO on the sync of a directory: its names count as durable and are not, so that another sync succeeds. */
  readonly directorySyncError: DiskFaultRate;
  /** A `read` finds that pages, taken for written after a failed sync, were dropped from memory. */
  readonly eviction: DiskFaultRate;
  /** The file system goes read-only, for a while or until the machine loses its power: EROFS. */
  readonly readOnly: TimedDiskFaultRate;
  /** One call takes longer. */
  readonly slow: TimedDiskFaultRate;
  /** The device stands still: calls that come meanwhile wait. */
  readonly stall: TimedDiskFaultRate;
  /** A sync says yes, and one page was not written. No file system is to blame, and no single copy survives it. */
  readonly lostWrite: DiskFaultRate;
  /** A sync says yes, and one page was written in the place of another. */
  readonly misdirectedWrite: DiskFaultRate;
  /** A bit of what a `read` is about to get has flipped on the medium, and stays so. */
  readonly bitRot: DiskFaultRate;
}

export type DiskFaultKind = keyof DiskFaults;

/** What is counted: times that a fault struck, and calls that felt one which lasts. */
export type DiskFaultEvent =
  | DiskFaultKind
  | 'badSector'
  | 'spaceRefusal'
  | 'quotaRefusal'
  | 'nameSpaceRefusal'
  | 'nameQuotaRefusal'
  | 'readOnlyRefusal'
  | 'lateSyncError';
