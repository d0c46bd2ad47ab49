export type { MinimizeOutcome } from './examination.ts';
export { Examiner } from './examiner.ts';
