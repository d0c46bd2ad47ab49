export {
  AnswersModel,
  type PlainClaim,
  type PlainQuery,
  type PlainVote,
  type SeenAnswer,
} from './answers-model.ts';
export { sameBytes } from './bytes.ts';
export { ClaimsModel, type KnownClaim, type StoreDump } from './claims-model.ts';
export { CollisionsModel, type QuarantinedBody } from './collisions-model.ts';
export { History, type HistoryEvent } from './history.ts';
export { checkLinearizability, type LinearizabilityVerdict, type TimedOperation } from './linearizability.ts';
export { counterModel, type CounterInput, registerModel, type RegisterInput } from './linearizable-models.ts';
export { type PlainResolution, resolveByReference } from './lens-reference.ts';
export { SmuggledModel } from './smuggled-model.ts';
export { type Category, signatureOf, Violation, type ViolationDetail } from './violation.ts';
export { judgeViews, type ViewsDump } from './views-model.ts';
export { judgeVotes, type VotesDump } from './votes-model.ts';
export type { WrittenRecord } from './written-record.ts';
