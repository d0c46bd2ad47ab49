import { SimulationError } from '../../errors.ts';

/**
 * What a power loss may do to what no sync has made durable. A profile is a set of parameters, not a copy
 * of a kernel; every state that any profile allows, `strict` allows too.
 */
export interface CrashProfile {
  readonly name: string;

  /** `survives`: the machine keeps running, so that nothing is lost at all. */
  readonly pageCache: 'survives' | 'lost';

  /**
   * Which changes of names survive. `any`: every subset in any order, as long as a file that moves keeps
   * one of its names and a directory that moves stays in one place. `journal`: all through some moment,
   * none after it, truncations included; a sync commits what came before. `all`: each one.
   */
  readonly names: 'any' | 'journal' | 'all';

  /** Which unsynced changes of content and size may survive. */
  readonly data: 'any' | 'none';

  /** A size survives only with the data that was written into the part of the file that it exposes. */
  readonly dataBeforeSize: boolean;

  /** A rename that replaces a file survives only with the data that the new file had by then. */
  readonly renameReplaceBarrier: boolean;

  /** Files grow in steps of this many bytes while a long write is under way. */
  readonly growthStepBytes: number;

  /** How a sector that was being written may come out; none: it is old or new. */
  readonly tears: readonly Tear[];

  /** What the part of a torn sector may hold that is not new. */
  readonly fills: readonly Fill[];

  /** A tear never harms the bytes of the sector that were not being written. */
  readonly powerSafeOverwrite: boolean;

  /** What may stand where a size survived and the data did not; `zero` first. */
  readonly exposed: readonly Exposed[];

  /** What may have become of the pages that a failed sync could not write; the first is the calmest. */
  readonly failedSync: readonly FailedSync[];
}

/**
 * Either way they count as written, so that another sync succeeds and writes nothing. `keep`: memory has the
 * new data and the disk the old (ext4, xfs). `revert`: both have the old (btrfs).
 */
export type FailedSync = 'keep' | 'revert';

/** The part of the sector that is as written: all but the right, all but the left, nothing. */
export type Tear = 'left' | 'right' | 'bad';

/** `old`: an earlier version of the sector. `stale`: bytes that once stood elsewhere on this disk. */
export type Fill = 'old' | Exposed;

export type Exposed = 'zero' | 'garbage' | 'stale';

export type CrashProfileName =
  'strict' | 'ext4-ordered' | 'ext4-writeback' | 'xfs' | 'btrfs' | 'lazy' | 'kill';

/** ext4 with data=ordered, on a device that writes sectors in full or in part and damages no other byte. */
const ext4Ordered: CrashProfile = {
  name: 'ext4-ordered',
  pageCache: 'lost',
  names: 'journal',
  data: 'any',
  dataBeforeSize: true,
  renameReplaceBarrier: true,
  growthStepBytes: 4096,
  tears: ['left', 'right'],
  fills: ['old'],
  powerSafeOverwrite: true,
  exposed: ['zero'],
  failedSync: ['keep'],
};

export const profiles: Readonly<Record<CrashProfileName, CrashProfile>> = {
  /** Anything that POSIX and a disk of sectors do not rule out. */
  strict: {
    name: 'strict',
    pageCache: 'lost',
    names: 'any',
    data: 'any',
    dataBeforeSize: false,
    renameReplaceBarrier: false,
    growthStepBytes: 512,
    tears: ['left', 'right', 'bad'],
    fills: ['old', 'zero', 'garbage', 'stale'],
    powerSafeOverwrite: false,
    exposed: ['zero', 'garbage', 'stale'],
    failedSync: ['keep', 'revert'],
  },

  'ext4-ordered': ext4Ordered,

  /** ext4 with data=writeback: names and sizes are committed in order, and no data waits for them. */
  'ext4-writeback': {
    ...ext4Ordered,
    name: 'ext4-writeback',
    dataBeforeSize: false,
    renameReplaceBarrier: false,
    exposed: ['zero', 'stale'],
  },

  /** A log of metadata in order; a size follows its data, and a rename does not wait for that of its file. */
  xfs: { ...ext4Ordered, name: 'xfs', renameReplaceBarrier: false },

  /**
   * Copy on write: a sector is old or new, and a size follows its data. Each sync has a log of its own, so that
   * names survive in any order; that a rename comes halfway is more than btrfs itself would do.
   */
  btrfs: {
    ...ext4Ordered,
    name: 'btrfs',
    names: 'any',
    renameReplaceBarrier: false,
    tears: [],
    fills: [],
    failedSync: ['revert'],
  },

  /** Writes nothing back before it must: what was not synced is gone, but for the names. */
  lazy: { ...ext4Ordered, name: 'lazy', names: 'all', data: 'none', tears: [], fills: [] },

  /** The process died, the machine did not. */
  kill: { ...ext4Ordered, name: 'kill', pageCache: 'survives', names: 'all', tears: [], fills: [] },
};

/** The profile of that name. Throws `SIM_UNKNOWN_PROFILE`, naming those there are. */
export function crashProfile(name: string): CrashProfile {
  const profile = Object.values(profiles).find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  const known = Object.keys(profiles).join(', ');
  throw new SimulationError('SIM_UNKNOWN_PROFILE', `There is no crash profile "${name}". Known: ${known}.`);
}
