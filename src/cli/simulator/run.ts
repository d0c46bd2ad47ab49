import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { CommandModule } from 'yargs';
import type { Catalogue, CampaignPlan, RunFile, RunRecord } from '../../explore/index.ts';
import type { Style } from '../../report/index.ts';
import { durationMs, oneOf, shard, UsageError, wholeNumber } from '../usage-error.ts';
import { invocation } from '../invocation.ts';
import { CampaignReport } from './campaign-report.ts';
import { Progress } from './progress.ts';
import { traceOf } from './report.ts';
import { selectPairs } from './select.ts';

interface RunArguments {
  readonly arena?: string[] | undefined;
  readonly seed?: string | undefined;
  readonly runs?: number | undefined;
  readonly for?: string | undefined;
  readonly scenario?: string[] | undefined;
  readonly strategy?: string | undefined;
  readonly jobs: number;
  readonly shard: string;
  readonly bail?: string | undefined;
  readonly reporter: string;
  readonly output?: string | undefined;
  readonly 'check-determinism': boolean;
  readonly minimize: boolean;
  readonly mutant?: string | undefined;
}

const reporters = ['terminal', 'json', 'junit', 'github'];
const defaultOutput = 'reports';

/** A longer run is reported without its trace, which would not fit into memory. */
const stepsTraced = 200_000;

/** Up to this many runs are shown one by one. */
const runsShown = 10;

export function runCommand(exit: (code: number) => void): CommandModule<object, RunArguments> {
  return {
    command: ['run [arena..]', '$0'],
    describe: 'Play arenas: one run of each from one seed, or many',
    builder: (cli) =>
      cli
        .positional('arena', { type: 'string', array: true, describe: 'which; all when none is named' })
        .options({
          seed: {
            type: 'string',
            requiresArg: true,
            describe: 'a number or a git hash, N.s for its schedule s; drawn, and printed first, when absent',
          },
          runs: {
            type: 'number',
            requiresArg: true,
            describe: 'how many runs, over all arenas and scenarios in turn',
          },
          for: { type: 'string', requiresArg: true, describe: 'keep going for this long: 90s, 10m, 2h' },
          scenario: {
            type: 'string',
            array: true,
            requiresArg: true,
            describe: 'fault profiles; with --runs or --for, all',
          },
          strategy: {
            type: 'string',
            requiresArg: true,
            describe:
              'who runs next; drawn for each run when absent; "exhaustive" plays every schedule of at most 2 delays, as far as --runs goes',
          },
          jobs: { type: 'number', default: 1, requiresArg: true, describe: 'threads; changes no result' },
          shard: {
            type: 'string',
            default: '1/1',
            requiresArg: true,
            describe: 'play only part I of N of the runs',
          },
          bail: { type: 'string', describe: 'stop after this many failures (1 without a number)' },
          reporter: {
            type: 'string',
            default: 'terminal',
            requiresArg: true,
            describe: `${reporters.join(', ')}; several with commas. junit writes junit.xml`,
          },
          output: {
            type: 'string',
            requiresArg: true,
            describe: `where failures go (default ${defaultOutput}/); when given, summary.json and junit.xml, too`,
          },
          'check-determinism': {
            type: 'boolean',
            default: false,
            describe: 'play every run twice and compare digests',
          },
          minimize: {
            type: 'boolean',
            default: true,
            describe: 'make the first failure of each kind small; --no-minimize does not',
          },
          mutant: { type: 'string', requiresArg: true, describe: 'plant this bug first (fixtures/mutants)' },
        }),
    handler: async (args) => exit(await run(args as unknown as RunArguments)),
  };
}

async function run(args: RunArguments): Promise<number> {
  const names = new Set(args.reporter.split(',').map((name) => oneOf('reporter', name, reporters)));
  if (args.mutant !== undefined) {
    const { mutantNames } = await import('../../explore/mutants/mutant.ts');
    oneOf('mutant', args.mutant, await mutantNames());
    const { plantMutant } = await import('../../explore/mutants/plant.ts');
    await plantMutant(args.mutant);
  }
  const explore = await import('../../explore/index.ts');
  const report = await import('../../report/index.ts');
  const catalogue = await explore.loadCatalogue();
  const seed = seedOf(args.seed);
  const plan: CampaignPlan = {
    seed,
    pairs: await pairsOf(args, catalogue),
    strategy:
      args.strategy === undefined || explore.isStrategy(args.strategy)
        ? args.strategy
        : oneOf('strategy', args.strategy, [...explore.strategyNames, explore.exhaustive.strategy]),
  };
  if (plan.strategy === explore.exhaustive.strategy && (args.shard !== '1/1' || args.jobs !== 1)) {
    throw new UsageError(
      '--strategy exhaustive takes neither --shard nor --jobs: each schedule comes of another.',
    );
  }
  const runs = runsOf(args, plan.pairs.length);
  const deadline = args.for === undefined ? Infinity : performance.now() + durationMs('for', args.for);
  const style = report.styleFor(process.stdout, process.env);
  const show = (text: string): void => void (names.has('terminal') && process.stdout.write(`${text}\n`));
  const json = (value: object): void =>
    void (names.has('json') && process.stdout.write(`${JSON.stringify(value)}\n`));

  show(` stemedb-sim   seed ${seed}   ${arenasLine(plan)}\n`);
  let interrupted = false;
  const onInterrupt = (): void => {
    interrupted = true;
  };
  process.once('SIGINT', onInterrupt);
  const begun = performance.now();
  const output = args.output ?? defaultOutput;
  const campaign = await CampaignReport.begin({
    catalogue,
    plan,
    names,
    output: args.output,
    folder: output,
    print: (text) => void process.stdout.write(`${text}\n`),
  });
  const failures = new FailureReporter(catalogue, {
    output,
    runs,
    style,
    show,
    mutant: args.mutant,
    explain: (file, replay) => campaign.explain(file, replay),
    minimize: args.minimize,
    jobs: wholeNumber('jobs', args.jobs, 1),
  });
  let divergent = false;
  const progress = new Progress(process.stderr, runs);
  try {
    const summary = await explore.runCampaign(catalogue, {
      plan,
      runs,
      jobs: wholeNumber('jobs', args.jobs, 1),
      isolate: true,
      shard: shard(args.shard),
      bail: args.bail === undefined ? Infinity : args.bail === '' ? 1 : wholeNumber('bail', args.bail, 1),
      mutant: args.mutant,
      stop: () => interrupted || performance.now() >= deadline,
      onRun: async (record) => {
        progress.step(record.verdict === 'held');
        json(record);
        campaign.add(record);
        if (runs <= runsShown) show(report.runLine(record, style));
        if (record.verdict !== 'held') await failures.add(record);
        else if (args.output !== undefined && runs <= runsShown) await failures.keep(record);
        if (args['check-determinism'] && !explore.isHang(record)) {
          const divergence = await explore.findDivergence(catalogue, record, record.digest);
          if (divergence !== undefined) {
            divergent = true;
            process.stderr.write(`${report.divergenceBlock(divergence, style)}\n`);
          }
        }
      },
    });
    json(summary);
    await failures.showRepeats();
    show(`\n${report.summaryBlock(summary, (performance.now() - begun) / 1000, style)}`);
    await campaign.finish(summary);
    for (const claim of summary.provedUpTo ?? []) {
      show(` ${summary.violated === 0 ? 'proved up to' : 'played'}  ${claim}`);
    }
    if (args['check-determinism'] && !divergent) show(' every run played twice: same digests');
    const { exitCodes } = explore;
    const codes = [
      explore.exitCodeOf(summary),
      divergent || failures.isDivergent ? exitCodes.nondeterminism : exitCodes.held,
      interrupted ? exitCodes.interrupted : exitCodes.held,
    ];
    return Math.max(...codes);
  } finally {
    progress.end();
    process.removeListener('SIGINT', onInterrupt);
  }
}

interface FailureReporterOptions {
  readonly output: string;
  readonly runs: number;
  readonly style: Style;
  readonly mutant: string | undefined;
  readonly minimize: boolean;
  /** Threads that a minimizer plays in. */
  readonly jobs: number;
  show(text: string): void;
  /** The first failure of a signature. */
  explain(file: RunFile, replay: string): void;
}

interface KeptRun {
  readonly file: RunFile;
  readonly path: string;
}

/** Shows the first failure of each signature in full, with a file to replay; counts the others. */
class FailureReporter {
  readonly #catalogue: Catalogue;
  readonly #options: FailureReporterOptions;
  readonly #repeats = new Map<string, number>();
  /** A minimizer has seen one tape lead to two runs. */
  isDivergent = false;

  constructor(catalogue: Catalogue, options: FailureReporterOptions) {
    this.#catalogue = catalogue;
    this.#options = options;
  }

  async add(record: RunRecord): Promise<void> {
    const signature = record.signature ?? record.verdict;
    const known = this.#repeats.get(signature);
    this.#repeats.set(signature, known === undefined ? 0 : known + 1);
    if (known !== undefined) return;
    const { file, path } = await this.#minimized(await this.keep(record));
    const { counterexample, failureBlock, html } = await import('../../report/index.ts');
    const arena = this.#catalogue.arenas.get(record.arena);
    const kind = arena?.properties.find(({ id }) => id === record.property)?.kind ?? 'safety';
    const { runs, style, show, explain } = this.#options;
    const command = invocation('stemedb-sim');
    const replay = `${command} replay ${path}`;
    explain(file, replay);
    const page = path.replace(/\.json$/, '.html');
    const { steps } = file.minimized?.record ?? record;
    // Its bug is planted already.
    const trace = steps <= stepsTraced ? await traceOf({ ...file, mutant: null }) : undefined;
    await writeFile(page, html(counterexample({ file, trace, kind, replay })));
    const context = {
      kind,
      replay,
      page,
      keep: record.verdict === 'violated' ? `${command} keep ${path} --name ${record.property}` : undefined,
      runs: runs === Infinity ? undefined : runs,
    };
    show(`\n${failureBlock(file, context, style)}\n`);
  }

  /** A line for each failure that came again. */
  async showRepeats(): Promise<void> {
    const { repeatsLine } = await import('../../report/index.ts');
    for (const [signature, repeats] of this.#repeats) {
      if (repeats > 0) this.#options.show(repeatsLine(signature, repeats, this.#options.style));
    }
  }

  async #minimized(kept: KeptRun): Promise<KeptRun> {
    if (!this.#options.minimize || kept.file.record.verdict !== 'violated') return kept;
    const { minimizeRunFile, NondeterminismError, MinimizeError, rewriteRunFile } =
      await import('../../explore/index.ts');
    try {
      const file = await minimizeRunFile(this.#catalogue, kept.file, { jobs: this.#options.jobs });
      await rewriteRunFile(kept.path, file);
      return { ...kept, file };
    } catch (error) {
      if (!(error instanceof NondeterminismError || error instanceof MinimizeError)) throw error;
      if (error instanceof NondeterminismError) this.isDivergent = true;
      process.stderr.write(`${error.message}\n`);
      return kept;
    }
  }

  /** Plays the run again with everything recorded and writes its file. */
  async keep(record: RunRecord): Promise<KeptRun> {
    const { recordRun, writeRunFile } = await import('../../explore/index.ts');
    const file = await recordRun(this.#catalogue, record, this.#options.mutant);
    return { file, path: await writeRunFile(this.#options.output, file) };
  }
}

function seedOf(seed: string | undefined): string {
  if (seed === undefined) return String(randomInt(1, 2 ** 47));
  const lowered = seed.toLowerCase();
  if (/^(\d{1,20}|[0-9a-f]{7,64})(\.\d{1,4})?$/.test(lowered)) return lowered;
  throw new UsageError(
    `--seed takes a whole number or a git hash of 7 to 64 digits, such as 42 or $GITHUB_SHA, not "${seed}"; N.s is its schedule s.`,
  );
}

async function pairsOf(args: RunArguments, catalogue: Catalogue): Promise<CampaignPlan['pairs']> {
  const every = args.runs !== undefined || args.for !== undefined;
  let { arena = [], scenario = [] } = args;
  if (args.mutant !== undefined && arena.length === 0) {
    const { readMutant } = await import('../../explore/index.ts');
    const mutant = await readMutant(args.mutant);
    arena = [...mutant.arenas];
    if (scenario.length === 0) scenario = [...mutant.scenarios];
  }
  return selectPairs(catalogue, arena, scenario, every);
}

function runsOf(args: RunArguments, pairs: number): number {
  if (args.runs !== undefined) return wholeNumber('runs', args.runs, 1);
  return args.for === undefined ? pairs : Infinity;
}

function arenasLine(plan: CampaignPlan): string {
  const arenas = [...new Set(plan.pairs.map((pair) => pair.arena))];
  const scenarios = [...new Set(plan.pairs.map((pair) => pair.scenario))];
  return `${arenas.join(', ')} × ${scenarios.join(', ')}`;
}
