export { readTally, tallyAsOf } from './tally.ts';
export { voteOperations } from './operations.ts';
