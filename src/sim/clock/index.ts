export { MachineClock } from './machine-clock.ts';
