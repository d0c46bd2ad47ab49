export { sameBytes } from './bytes.ts';
export { ClaimsModel, type KnownClaim, type StoreDump } from './claims-model.ts';
export { History, type HistoryEvent } from './history.ts';
export { type Category, signatureOf, Violation, type ViolationDetail } from './violation.ts';
