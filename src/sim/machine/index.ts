export { newestOf, type RotAim, type RottenBit } from './bit-rot.ts';
export { Machine, type MachineOptions } from './machine.ts';
export { Measure } from './measure.ts';
export { ProcessGoneError, SimProcess } from './process.ts';
export type { SiteRates } from './sim-sites.ts';
export { SimTelemetry } from './sim-telemetry.ts';
export { SimEntropy } from './sim-entropy.ts';
