export type { Clock, Timer } from './clock.ts';
export type { Entropy } from './entropy.ts';
export { errnoOf, isErrno } from './errno.ts';
export type {
  FileHandle,
  FileStat,
  FileSystem,
  MakeDirectoryOptions,
  OpenFlags,
  ReadResult,
  WriteResult,
} from './file-system.ts';
export type { Ports } from './ports.ts';
export type { Parked, Scheduler, Task } from './scheduler.ts';
export type { Signatures } from './signatures.ts';
export { noSites, type Sites } from './sites.ts';
export { Channel } from './sync/channel.ts';
export { Mutex } from './sync/mutex.ts';
export { Semaphore } from './sync/semaphore.ts';
export { Watermark } from './sync/watermark.ts';
export type { LogFields, LogLevel, Telemetry } from './telemetry.ts';
