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
export {
  type ReplayStates,
  type StateFrame,
  type StateLimits,
  StateLog,
  stateAt,
  type Waiting,
} from './state-log.ts';
export {
  type ByteRange,
  type ClockState,
  type FileState,
  type MachineState,
  type TaskState,
  type TaskWait,
  wallMsAt,
  type WorldState,
} from './world-state.ts';
