export { FaultInjector } from './fault-injector.ts';
export type { DiskFaultEvent, DiskFaultRate, DiskFaults } from './rates.ts';
