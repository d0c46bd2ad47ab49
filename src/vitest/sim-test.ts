import { test } from 'vitest';
import type { Arena } from '../arena/index.ts';
import { simulate, type SimulateOptions } from '../explore/index.ts';
import { CounterexampleError } from './counterexample-error.ts';
import { type RecordedFailure, writeFailure } from './failure-files.ts';
import { replayFor } from './replay.ts';

export interface SimTestOptions extends SimulateOptions {
  /** The folder for `<seed>.json` and `<seed>.html` of failures. Default: `reports/<arena>` in the current folder. */
  readonly output?: string | undefined;
}

/** Takes the number of runs, and the seed, from outside: more of them at night, others for each commit. */
const runsVariable = 'STEMEDB_SIM_RUNS';
const seedVariable = 'STEMEDB_SIM_SEED';

/**
 * A test that plays `arena`. It fails with the first counterexample of each kind, minimized, as `stemedb-sim run`
 * shows it, and writes the same files. `STEMEDB_SIM_REPLAY=<file>` plays one of these again and nothing else;
 * `STEMEDB_SIM_RUNS` and `STEMEDB_SIM_SEED` take the place of `runs` and `seed`. No time limit applies.
 */
export const simTest: SimTest = Object.assign(declare(test), {
  only: declare(test.only),
  skip: declare(test.skip),
});

type Declare = (name: string, arena: Arena, options: SimTestOptions) => void;

interface SimTest extends Declare {
  readonly only: Declare;
  readonly skip: Declare;
}

function declare(declareTest: (name: string, options: { timeout: number }, body: TestBody) => void): Declare {
  return (name, arena, options) => {
    declareTest(name, { timeout: 0 }, async ({ skip }) => {
      const replay = await replayFor(arena);
      if (replay === 'of another arena') skip('another arena is replayed');
      else if (replay === undefined) await play(arena, options);
      else if (replay.failure !== undefined) throw new CounterexampleError([replay.failure]);
    });
  };
}

type TestBody = (context: { readonly skip: (note?: string) => void }) => Promise<void>;

async function play(arena: Arena, options: SimTestOptions): Promise<void> {
  const runs = Number(process.env[runsVariable] ?? options.runs);
  const seed = process.env[seedVariable] ?? options.seed;
  const { failures, summary } = await simulate(arena, { ...options, runs, seed });
  if (summary.runs === 0) throw new RangeError(`No run was played: ${runs} were asked for.`);
  const told: RecordedFailure[] = [];
  for (const failure of failures) told.push(await writeFailure(arena, failure, summary.runs, options));
  if (told.length > 0) throw new CounterexampleError(told);
}
