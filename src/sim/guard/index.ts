export { armGuard, LeakError } from './guard.ts';
