import type { CrashMode } from './modes.ts';

/** What one power loss did, as plain data. */
export interface CrashReport {
  /** Name of the profile. */
  readonly profile: string;
  readonly mode: CrashMode;
  /** Entries that are not what they were before the loss, by path. */
  readonly names: readonly NameDamage[];
  /** Files that had anything pending and still exist. */
  readonly files: readonly FileDamage[];
}

export interface NameDamage {
  readonly path: string;
  readonly before: EntryKind;
  readonly after: EntryKind;
}

/** `other-file`: there is a file, but not the one that the name stood for. */
export type EntryKind = 'nothing' | 'file' | 'other-file' | 'directory' | 'other-directory';

export interface FileDamage {
  readonly path: string;
  /** Bytes. */
  readonly sizeBefore: number;
  readonly sizeAfter: number;
  /** Of the sectors with pending writes that lie within the size after. */
  readonly sectors: SectorCounts;
}

export interface SectorCounts {
  /** The newest version survived. */
  kept: number;
  /** A version between the durable and the newest one did. */
  older: number;
  /** Nothing pending survived. */
  lost: number;
  /** Part of it is not as written. */
  torn: number;
  /** Of the lost ones: garbage or stale bytes stand where the file was to grow. */
  exposed: number;
}
