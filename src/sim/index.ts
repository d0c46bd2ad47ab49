export {
  type ChoiceMode,
  Choices,
  type Draws,
  type DrawSource,
  type Lane,
  lanes,
  parseTape,
  type Stream,
  type Tape,
  TapeSyntaxError,
  tycheiStream,
  type Uniform,
} from './choices/index.ts';
export { crashProfile, type CrashReport, Disk, enumerateCrashImages, type FileSystemCall } from './disk/index.ts';
export { SimulationError } from './errors.ts';
export type { DiskFaultEvent, DiskFaultRate, DiskFaults, FaultInjector } from './faults/index.ts';
export { LeakError } from './guard/index.ts';
export { Machine, Measure, ProcessGoneError, SimEntropy, SimProcess } from './machine/index.ts';
export type { FetchHandler, Link, Listener, NetworkEvent, NetworkFaults } from './network/index.ts';
export {
  DelayBounded,
  type EligibleQueue,
  isStrategyName,
  type LatencyModel,
  nameOfDelays,
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
export { firstDifference, Trace, type TraceNote, type TraceStep } from './trace/index.ts';
export { World, type WorldFailure, type WorldOptions, type WorldOutcome } from './world.ts';
