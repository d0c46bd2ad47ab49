import type { Arena, Scenario } from '../arena/index.ts';
import { runCampaign } from './campaign.ts';
import { type Catalogue, loadScenarios, UnknownNameError } from './catalogue.ts';
import { MinimizeError, type MinimizeOptions, minimizeRunFile } from './minimize/index.ts';
import { isPackageItself, projectRoot } from './project.ts';
import { withProjectScenarios } from './project-catalogue.ts';
import { recordRun } from './recorded-run.ts';
import type { RunFile } from './run-file.ts';
import type { CampaignSummary, RunRecord } from './run-record.ts';

export interface SimulateOptions {
  /** How many runs, over all scenarios in turn. */
  readonly runs: number;
  /** The same seed gives the same runs: a number, or the hash of a commit. Default: 1. */
  readonly seed?: number | string | undefined;
  /** Names of scenarios of the package or of the project's `scenarios/`, or scenarios. Default: those of the arena. */
  readonly scenarios?: readonly (string | Scenario)[] | undefined;
  /** Who runs next; drawn for each run by default. `stemedb-sim list` has the names. */
  readonly strategy?: string | undefined;
  /** Worker threads; it changes no result. More than one need `module`. Default: none, all runs are in this thread. */
  readonly jobs?: number | undefined;
  /** Address of the module that exports the arena by default, for worker threads to load: `import.meta.url`. */
  readonly module?: string | URL | undefined;
  /** Make the first failure of each kind small. Default: true. */
  readonly minimize?: boolean | Omit<MinimizeOptions, 'jobs' | 'source'> | undefined;
  /** Stop after this many runs that did not hold. */
  readonly bail?: number | undefined;
  /** Called after each run, in their order. */
  readonly onRun?: ((record: RunRecord) => void) | undefined;
}

/** What came of a simulation. */
export interface Simulation {
  readonly summary: CampaignSummary;
  /** One for each kind of failure; none when all runs held. */
  readonly failures: readonly SimulatedFailure[];
}

export interface SimulatedFailure {
  /** Property, category and error code: failures that have it in common count as one. */
  readonly signature: string;
  /** How many runs failed in this way. */
  readonly runs: number;
  /** The first of them, with all its choices, and minimized: what `stemedb-sim replay` takes, as JSON. */
  readonly file: RunFile;
}

/**
 * Plays `arena` many times from one seed. Resolves also when runs fail; rejects when it is used wrongly, and with a
 * `NondeterminismError` when the same choices were two different runs.
 */
export async function simulate(arena: Arena, options: SimulateOptions): Promise<Simulation> {
  const { runs, seed = 1, strategy, jobs = 1, module, minimize = true, bail = Infinity, onRun } = options;
  if (jobs > 1 && module === undefined) {
    throw new TypeError(
      'simulate: worker threads load the arena themselves; say from where: module: import.meta.url.',
    );
  }
  const catalogue = await catalogueOf(arena, options.scenarios);
  const scenarios = options.scenarios?.map((scenario) =>
    typeof scenario === 'string' ? scenario : scenario.name,
  );
  const pairs = (scenarios ?? arena.scenarios).map((scenario) => ({ arena: arena.name, scenario }));
  const source =
    module === undefined || jobs === 1
      ? undefined
      : { module: String(module), scenarios: [...catalogue.scenarios.values()] };
  const threads = source === undefined ? {} : { jobs, source };
  const first = new Map<string, { readonly record: RunRecord; runs: number }>();
  const summary = await runCampaign(catalogue, {
    plan: { seed: String(seed), pairs, strategy },
    runs,
    jobs,
    isolate: jobs > 1,
    source,
    bail,
    shard: { index: 0, count: 1 },
    mutant: undefined,
    stop: () => false,
    onRun: (record) => {
      onRun?.(record);
      if (record.verdict === 'held') return;
      const signature = record.signature ?? record.verdict;
      const known = first.get(signature);
      if (known === undefined) first.set(signature, { record, runs: 1 });
      else known.runs++;
    },
  });
  const failures: SimulatedFailure[] = [];
  for (const [signature, { record, runs: times }] of first) {
    const file = await recordRun(catalogue, record);
    const isMinimized = minimize !== false && record.verdict === 'violated';
    const small = isMinimized
      ? await minimized(catalogue, file, { ...(minimize === true ? {} : minimize), ...threads })
      : file;
    failures.push({ signature, runs: times, file: small });
  }
  return { summary, failures };
}

async function minimized(catalogue: Catalogue, file: RunFile, options: MinimizeOptions): Promise<RunFile> {
  try {
    return await minimizeRunFile(catalogue, file, options);
  } catch (error) {
    // As it is then, rather than not at all.
    if (error instanceof MinimizeError) return file;
    throw error;
  }
}

/** One arena, and all scenarios that it may be played in. Throws `UnknownNameError`. */
export async function catalogueOf(
  arena: Arena,
  scenarios: readonly (string | Scenario)[] = arena.scenarios,
): Promise<Catalogue> {
  const own = await loadScenarios();
  const root = projectRoot();
  const known = new Map(isPackageItself(root) ? own : (await withProjectScenarios(own, root)).scenarios);
  for (const scenario of scenarios) {
    if (typeof scenario !== 'string') known.set(scenario.name, scenario);
    else if (!known.has(scenario)) throw new UnknownNameError('scenario', scenario, known);
  }
  return { arenas: new Map([[arena.name, arena]]), scenarios: known };
}
