export {
  type ChoiceMode,
  Choices,
  type Draws,
  type DrawSource,
  isOmission,
  type Lane,
  lanes,
  parseTape,
  type Stream,
  type Tape,
  TapeSyntaxError,
  tycheiStream,
  type Uniform,
} from './choices/index.ts';
export {
  type CrashMode,
  crashProfile,
  type CrashProfile,
  type CrashReport,
  Disk,
  enumerateCrashImages,
  type FileSystemCall,
  type OpenFile,
  failedWith,
  profiles as crashProfiles,
  sectorSizeBytes,
} from './disk/index.ts';
export { SimulationError } from './errors.ts';
export type { DiskFaultEvent, DiskFaultRate, DiskFaults, FaultInjector } from './faults/index.ts';
export { installGuard, LeakError } from './guard/index.ts';
export { Machine, Measure, ProcessGoneError, type RotAim, SimEntropy, SimProcess } from './machine/index.ts';
export { nodeFs, type NodeFs, nodeStandIns } from './node/index.ts';
export type { FetchHandler, Link, Listener, NetworkEvent, NetworkFaults } from './network/index.ts';
export {
  DelayBounded,
  type EligibleQueue,
  isStrategyName,
  type Kernel,
  type KernelObserver,
  type LatencyModel,
  nameOfDelays,
  type Overtaking,
  type Pending,
  Profiler,
  RandomWalk,
  type ScheduleProfile,
  strategies,
  type Strategy,
  StuckError,
  synchronousDrain,
  enterMacrotask,
  type StuckTask,
} from './schedule/index.ts';
export {
  type ByteRange,
  type ClockState,
  type FileLoss,
  type FileState,
  firstDifference,
  type LossRange,
  type MachineState,
  type ReplayStates,
  stateAt,
  type StateFrame,
  type StateLimits,
  type TaskState,
  type TaskWait,
  Trace,
  type TraceDisk,
  type TraceNote,
  type TracePowerLoss,
  type TraceStep,
  type TraceWait,
  wallMsAt,
  type WorldState,
} from './trace/index.ts';
export { World, type WorldFailure, type WorldOptions, type WorldOutcome } from './world.ts';
