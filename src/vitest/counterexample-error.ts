import type { RecordedFailure } from './failure-files.ts';

/** What a test fails with: the message is what `stemedb-sim run` prints, and no stack would say more. */
export class CounterexampleError extends Error {
  readonly code = 'SIM_COUNTEREXAMPLE';

  constructor(failures: readonly RecordedFailure[]) {
    super(failures.map(({ text }) => `\n\n${text}\n`).join(''));
    this.name = 'Counterexample';
    this.stack = '';
  }
}
