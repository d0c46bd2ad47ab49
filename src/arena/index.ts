export {
  type AnchoredFault,
  type FaultPlan,
  isMoment,
  labelOfStrike,
  type Landmark,
  Landmarks,
  likeness,
  plainFault,
} from './anchors/index.ts';
export { type Agent, makeAgents } from './agent.ts';
export { type Arena, defineArena, markersOf, type PropertyInfo } from './arena.ts';
export type { Chaos } from './chaos.ts';
export { ArenaContext } from './context.ts';
export type { User, UsersPlan } from './users.ts';
export { drawConfig, drawRemoteOneOf, drawWorkload } from './draw-sizes.ts';
export {
  believer,
  type Citizen,
  historian,
  isTrue,
  noiseNeverWins,
  requireTruth,
  type Role,
  scientist,
  skeptic,
  sybil,
  Town,
  type TownOptions,
  townProperties,
  troll,
} from './population/index.ts';
export { Laboratory } from './laboratory.ts';
export { defineScenario, type Scenario, type Workload } from './scenario.ts';
export { siteMarkers } from './sites.ts';
export { refusal, StemeNode, type StemeNodeOptions } from './steme-node.ts';
export { Service, type ServiceOptions } from './service.ts';
export { drawSwarm, type Swarm } from './swarm.ts';
export { drawKnob } from './knob.ts';
export { type DatabaseDump, dumpStore, sameDump } from './store-dump.ts';
export type { SyncImage, SyncImages } from './sync-images.ts';
