export { hashName, RollingDigest } from './digest.ts';
export { firstDifference, Trace, type TraceNote, type TraceStep } from './trace.ts';
