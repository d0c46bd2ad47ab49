import { deriveSeed, playTrial, readMutant, type RunPlan } from '../../src/explore/index.ts';

export interface MeasureOptions {
  /** Workloads have numbers; this is the first. */
  readonly first: number;
  readonly workloads: number;
  readonly strategies: readonly string[];
}

/** In which workloads one schedule by each strategy found a bug. */
export interface MeasuredBug {
  readonly bug: string;
  readonly first: number;
  readonly workloads: number;
  readonly steps: number;
  readonly found: Readonly<Record<string, readonly number[]>>;
}

/** Schedule 0 of a workload is close to the walk that measured its profile; any other is as good as another. */
const schedule = 1;

/**
 * One run of each strategy in each workload: those of a workload differ in their schedule alone, and no two
 * workloads have anything to do with each other. Rejects when the process of the bug dies.
 */
export async function measureBug(bug: string, options: MeasureOptions): Promise<MeasuredBug> {
  const { arenas, scenarios } = await readMutant(bug);
  const pairs = arenas.flatMap((arena) => scenarios.map((scenario) => ({ arena, scenario })));
  const plans: RunPlan[] = [];
  for (let run = options.first; run < options.first + options.workloads; run++) {
    const pair = pairs[run % pairs.length];
    if (pair === undefined) throw new RangeError(`${bug} is looked for nowhere.`);
    const seed = `${deriveSeed('strategies', run + 1)}.${schedule}`;
    for (const strategy of options.strategies) plans.push({ ...pair, seed, run, strategy });
  }
  const found = new Map<string, number[]>(options.strategies.map((strategy) => [strategy, []]));
  let steps = 0;
  const { died } = await playTrial({ mutant: bug, plans, enough: Infinity, minimize: false }, (run) => {
    steps += run.steps;
    if (run.verdict !== 'held') found.get(run.strategy)?.push(run.run);
  });
  if (died !== undefined) throw new Error(`${bug}: ${died}.`);
  return {
    bug,
    first: options.first,
    workloads: options.workloads,
    steps: Math.round(steps / plans.length),
    found: Object.fromEntries(found),
  };
}
