export { type CampaignOptions, exitCodeOf, runCampaign } from './campaign.ts';
export { type Catalogue, loadCatalogue } from './catalogue.ts';
export { type Divergence, findDivergence } from './determinism.ts';
export { type ExitCode, exitCodes } from './exit-code.ts';
export { mutantNames, readMutant, StaleMutantError } from './mutants/mutant.ts';
export { exhaust } from './exhaustive/exhaust.ts';
export {
  claimOf,
  type ExhaustiveCoverage,
  type ExhaustiveFailure,
  type ExhaustiveLimits,
  type SmallWorkload,
} from './exhaustive/small-workload.ts';
export { hungRun, isHang } from './hang.ts';
export { packageRoot } from './package-root.ts';
export { play, type PlayedRun, type PlayOptions } from './play.ts';
export {
  readRunFile,
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
  FailureDetail,
  RunRecord,
  RunStats,
  Verdict,
} from './run-record.ts';
export { firstDifference, type TraceStep } from '../sim/index.ts';
