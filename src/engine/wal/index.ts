export type { AppendReceipt } from './append-queue.ts';
export {
  WalBodyError,
  WalBusyError,
  WalChangedError,
  WalClosedError,
  WalCorruptError,
  WalIoError,
  WalOffsetError,
  WalOptionsError,
  WalPoisonedError,
  WalVersionError,
} from './errors.ts';
export { findInSegment, type SegmentFinding } from './findings.ts';
export { type InspectedSegment, inspectSegments } from './inspect.ts';
export { type AppendOptions, Journal, type JournalPorts } from './journal.ts';
export type { JudgedLog } from './judged-log.ts';
export { makeDirectory } from './make-directory.ts';
export { openAgainWhileChanging } from './open-again.ts';
export type { JournalOptions } from './options.ts';
export type { JournalReader, JournalRecord } from './reader.ts';
export type { JournalKnowledge } from './judgement.ts';
