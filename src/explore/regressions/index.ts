export { type CaseCheck, checkKeptCase, type Outcome, updatedCase } from './check.ts';
export { keptCaseFiles, writeKeptCase } from './folder.ts';
export { flipToFixed, keep } from './keep.ts';
export { type KeptCase, readKeptCase } from './kept-case.ts';
