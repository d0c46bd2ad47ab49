export { type CampaignOptions, exitCodeOf, runCampaign } from './campaign.ts';
export { type Catalogue, loadCatalogue, UnknownNameError } from './catalogue.ts';
export { type Divergence, findDivergence } from './determinism.ts';
export { type ExitCode, exitCodes } from './exit-code.ts';
export { type MatrixCell, playMatrix } from './mutants/matrix.ts';
export { type Mutant, mutantNames, readMutant, StaleMutantError } from './mutants/mutant.ts';
export type { MutantResult } from './mutants/mutant-result.ts';
export { requireFresh } from './mutants/plant.ts';
export { probability, type Probability } from './mutants/statistics.ts';
export { playTrial, type TrialRun } from './mutants/trial.ts';
export {
  MinimizeError,
  type MinimizeOptions,
  type MinimizeProgress,
  minimizeRunFile,
  NondeterminismError,
} from './minimize/index.ts';
export { Examiner, type MinimizeOutcome } from './examine/index.ts';
export { exhaust } from './exhaustive/exhaust.ts';
export {
  claimOf,
  type ExhaustiveCoverage,
  type ExhaustiveFailure,
  type ExhaustiveLimits,
  type SmallWorkload,
} from './exhaustive/small-workload.ts';
export { packageRoot } from './package-root.ts';
export { isPackageItself, projectRoot, projectVariable } from './project.ts';
export { ProjectFileError } from './project-module.ts';
export { recordRun } from './recorded-run.ts';
export {
  catalogueOf,
  simulate,
  type SimulatedFailure,
  type SimulateOptions,
  type Simulation,
} from './simulate.ts';
export { type Play, play, type PlayedRun, playIn, type PlayOptions } from './play.ts';
export {
  type CaseCheck,
  checkKeptCase,
  flipToFixed,
  keep,
  type KeptCase,
  keptCaseFiles,
  readKeptCase,
  updatedCase,
  writeKeptCase,
} from './regressions/index.ts';
export { indexOfStep, type Replayed, replayStates } from './replay-states.ts';
export {
  readRunFile,
  rewriteRunFile,
  type RunFile,
  RunFileError,
  type RunTrace,
  toRunFile,
  writeRunFile,
} from './run-file.ts';
export {
  type CampaignPlan,
  deriveSeed,
  exhaustive,
  isStrategy,
  planRun,
  type RunPlan,
  strategyNames,
  strategySummaries,
} from './run-plan.ts';
export type {
  CampaignStats,
  CampaignSummary,
  CaseSize,
  FailureDetail,
  MinimizedCase,
  PointOfNoReturn,
  StoryStep,
  RunRecord,
  RunStats,
  Verdict,
} from './run-record.ts';
export { isHang } from './watchdog/hang.ts';
export { PlayThreads } from './threads/play-threads.ts';
export type { WorkerState } from './worker-pool.ts';
export type { HistoryEvent } from '../check/index.ts';
export {
  type ByteRange,
  type ClockState,
  failedWith,
  type FileLoss,
  type FileState,
  firstDifference,
  type MachineState,
  type ReplayStates,
  stateAt,
  type StateFrame,
  type TaskState,
  type TaskWait,
  type TraceDisk,
  type TracePowerLoss,
  type TraceStep,
  wallMsAt,
  type WorldState,
} from '../sim/index.ts';
