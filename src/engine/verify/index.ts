export type { ClaimsPicture } from './examine-claims.ts';
export { type DatabaseExamination, type DatabasePicture, examineDatabase } from './examine-database.ts';
export { chainRecordsOf, type LogPicture, type PlacedRecord, type SegmentPicture } from './examine-log.ts';
export type { SegmentContent } from './examine-segment.ts';
export type { RunPicture, StorePicture } from './examine-store.ts';
export type { Finding, Report } from './finding.ts';
