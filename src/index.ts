/** The public API: what an arena, or a program that embeds StemeDB, builds with. */
export {
  type Agent,
  type Arena,
  type ArenaContext,
  type Chaos,
  defineArena,
  dumpStore,
  makeAgents,
  type PropertyInfo,
  refusal,
  sameDump,
  type Scenario,
  StemeNode,
  type StemeNodeOptions,
} from './arena/index.ts';
export {
  type Category,
  ClaimsModel,
  type History,
  type HistoryEvent,
  type KnownClaim,
  type StoreDump,
  Violation,
  type ViolationDetail,
} from './check/index.ts';
export { fromHex, toHex } from './crypto/index.ts';
export {
  type Assertion,
  type AssertionContent,
  assertionHash,
  DatabaseClosedError,
  encodeAssertion,
  type Receipt,
  signAssertion,
  type StemeConfig,
  StemeDB,
} from './engine/index.ts';
export type {
  Clock,
  Entropy,
  FileHandle,
  FileSystem,
  Ports,
  Scheduler,
  Signatures,
  Telemetry,
} from './ports/index.ts';
export { type Disk, type Draws, type Machine, ProcessGoneError } from './sim/index.ts';
