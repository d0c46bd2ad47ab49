export { type Agent, makeAgents } from './agent.ts';
export { type Arena, defineArena, type PropertyInfo } from './arena.ts';
export type { Chaos } from './chaos.ts';
export { ArenaContext } from './context.ts';
export { drawConfig, drawRemoteOneOf, drawWorkload } from './draw-sizes.ts';
export {
  believer,
  type Citizen,
  historian,
  isTrue,
  type Role,
  scientist,
  skeptic,
  sybil,
  Town,
  type TownOptions,
  townProperties,
  troll,
} from './population/index.ts';
export type { Scenario, Workload } from './scenario.ts';
export { refusal, StemeNode, type StemeNodeOptions } from './steme-node.ts';
export { type Swarm, swarmFaults } from './swarm.ts';
export { type DatabaseDump, dumpStore, sameDump } from './store-dump.ts';
