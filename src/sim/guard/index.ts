export { armGuard, installGuard, LeakError, type StandIn, type StandInFor } from './guard.ts';
