export type { ClaimsPicture } from './examine-claims.ts';
export { type DatabaseExamination, type DatabasePicture, examineDatabase } from './examine-database.ts';
export type { LogPicture, SegmentPicture } from './examine-log.ts';
export type { SegmentContent } from './examine-segment.ts';
export type { RunPicture, StorePicture } from './examine-store.ts';
export type { Finding, Report } from './finding.ts';
export { chainRecordsOf, type PlacedRecord } from './log-records.ts';
