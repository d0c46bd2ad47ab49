export { MinimizeError, type MinimizeOptions, NondeterminismError } from './minimize.ts';
export { minimizeRunFile } from './minimize-run-file.ts';
