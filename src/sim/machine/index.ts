export { Machine, type MachineOptions } from './machine.ts';
export { ProcessGoneError, SimProcess } from './process.ts';
export { type Measure, SimTelemetry } from './sim-telemetry.ts';
