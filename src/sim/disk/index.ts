export type { CrashImage } from './crash/crash-image.ts';
export type { CrashReport, EntryKind, FileDamage, NameDamage, SectorCounts } from './crash/crash-report.ts';
export { enumerateCrashImages, type Enumeration } from './crash/enumerate.ts';
export type { CrashMode } from './crash/modes.ts';
export {
  crashProfile,
  type CrashProfile,
  type CrashProfileName,
  type Exposed,
  type FailedSync,
  type Fill,
  profiles,
  type Tear,
} from './crash/profiles.ts';
export { Disk } from './disk.ts';
export { errno, type ErrnoCode, type ErrnoError, failedWith } from './errno.ts';
export { OpenFile } from './open-file.ts';
export { pageSizeBytes, sectorSizeBytes } from './page-table.ts';
export { type Delay, type FileSystemCall, type Intercept, SimFileSystem } from './sim-file-system.ts';
