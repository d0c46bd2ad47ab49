export {
  MinimizeError,
  type MinimizeOptions,
  type MinimizeProgress,
  NondeterminismError,
} from './minimize.ts';
export { minimizeRunFile } from './minimize-run-file.ts';
