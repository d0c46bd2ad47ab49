export { type Agent, makeAgents } from './agent.ts';
export { type Arena, defineArena, type PropertyInfo } from './arena.ts';
export type { Chaos } from './chaos.ts';
export { ArenaContext } from './context.ts';
export type { Scenario } from './scenario.ts';
export { refusal, StemeNode, type StemeNodeOptions } from './steme-node.ts';
export { dumpStore, sameDump } from './store-dump.ts';
