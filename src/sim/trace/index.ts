export { hashName, RollingDigest } from './digest.ts';
export {
  type FileLoss,
  firstDifference,
  type LossRange,
  Trace,
  type TraceDisk,
  type TraceNote,
  type TracePowerLoss,
  type TraceStep,
  type TraceWait,
} from './trace.ts';
