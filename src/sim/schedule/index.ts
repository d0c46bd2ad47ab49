export type { EligibleQueue } from './eligible-queue.ts';
export type { Pending } from './pending.ts';
export type { Device } from './device.ts';
export { asynchronousDrain, enterMacrotask, synchronousDrain } from './drain.ts';
export {
  Kernel,
  type KernelObserver,
  type KernelOptions,
  type LatencyModel,
  type TaskFailure,
} from './kernel.ts';
export { guessedProfile, Profiler, type ScheduleProfile } from './profile.ts';
export { SimScheduler } from './sim-scheduler.ts';
export { SimTask, type TaskOwner } from './sim-task.ts';
export {
  createStrategy,
  DelayBounded,
  isStrategyName,
  nameOfDelays,
  type Overtaking,
  Overtakings,
  RandomWalk,
  strategies,
  type Strategy,
} from './strategies/index.ts';
export { StuckError, type StuckKind, type StuckTask } from './stuck.ts';
