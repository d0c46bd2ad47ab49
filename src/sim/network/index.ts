export { calmNetwork, type NetworkFaults } from './faults.ts';
export type { FetchHandler, Listener } from './listener.ts';
export { type Link, Network, type NetworkEvent } from './network.ts';
