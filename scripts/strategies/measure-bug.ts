import { deriveSeed, planRun, playTrial, readMutant, type RunPlan } from '../../src/explore/index.ts';

export interface MeasureOptions {
  /** Workloads have numbers; this is the first. */
  readonly first: number;
  readonly workloads: number;
  /** Names of strategies, and `portfolio`: the one that the seed draws. */
  readonly strategies: readonly string[];
}

/** In which workloads one schedule by each strategy found a bug. */
export interface MeasuredBug {
  readonly bug: string;
  readonly first: number;
  readonly workloads: number;
  readonly found: Readonly<Record<string, readonly number[]>>;
}

/** Schedule 0 of a workload draws as the walk did that measured its profile; any other is as good as another. */
const schedule = 1;

/**
 * One run of each strategy in each workload: those of a workload differ in their schedule alone, and no two
 * workloads have anything to do with each other. Rejects when the process of the bug dies.
 */
export async function measureBug(bug: string, options: MeasureOptions): Promise<MeasuredBug> {
  const { arenas, scenarios } = await readMutant(bug);
  const pairs = arenas.flatMap((arena) => scenarios.map((scenario) => ({ arena, scenario })));
  const { first, workloads, strategies } = options;
  const plans: RunPlan[] = [];
  for (let number = first; number < first + workloads; number++) {
    const seed = `${deriveSeed('strategies', number + 1)}.${schedule}`;
    const pair = pairs[number % pairs.length];
    if (pair === undefined) throw new RangeError(`${bug} is looked for nowhere.`);
    for (const name of strategies) {
      const strategy = name === 'portfolio' ? undefined : name;
      plans.push({ ...planRun({ seed, pairs: [pair], strategy }, 0), run: number });
    }
  }
  const found = strategies.map((): number[] => []);
  let played = 0;
  const trial = { mutant: bug, plans, enough: Infinity, minimize: false };
  const { died } = await playTrial(trial, ({ run, verdict }) => {
    if (verdict !== 'held') found[played % strategies.length]?.push(run);
    played++;
  });
  if (died !== undefined) throw new Error(`${bug}: ${died}.`);
  return {
    bug,
    first,
    workloads,
    found: Object.fromEntries(strategies.map((name, index) => [name, found[index]!])),
  };
}
