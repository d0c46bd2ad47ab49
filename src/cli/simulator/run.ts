import { randomInt } from 'node:crypto';
import type { CommandModule } from 'yargs';
import type { Dashboard } from '../../dashboard/index.ts';
import type { CampaignPlan, CampaignSummary, Catalogue } from '../../explore/index.ts';
import { durationMs, oneOf, shard, UsageError, wholeNumber } from '../usage-error.ts';
import { openCampaignDashboard } from './campaign-dashboard.ts';
import { CampaignReport } from './campaign-report.ts';
import { type DashboardChoice, dashboardChoices, wantsDashboard } from './dashboard-choice.ts';
import { FailureReporter } from './failure-reporter.ts';
import { Printer } from './printer.ts';
import { Progress } from './progress.ts';
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
  readonly dashboard: string;
}

const reporters = ['terminal', 'json', 'junit', 'github'];
const defaultOutput = 'reports';

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
            describe: `where failures go (default ${defaultOutput}/); when given, summary.json, campaign.html and junit.xml, too`,
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
          dashboard: {
            type: 'string',
            default: 'auto',
            requiresArg: true,
            describe: 'auto: on a terminal, for more than a few runs; on; off',
          },
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
  const msMax = args.for === undefined ? Infinity : durationMs('for', args.for);
  const isDashboard = wantsDashboard(
    oneOf('dashboard', args.dashboard, dashboardChoices) as DashboardChoice,
    { runs, isExhaustive: plan.strategy === explore.exhaustive.strategy, isJson: names.has('json') },
    process,
  );
  const jobs = wholeNumber('jobs', args.jobs, 1);
  const part = shard(args.shard);
  const bail = args.bail === undefined ? Infinity : args.bail === '' ? 1 : wholeNumber('bail', args.bail, 1);
  const style = report.styleFor(process.stdout, process.env);
  const printer = new Printer(process.stdout, process.stderr);
  const show = (text: string): void => void (names.has('terminal') && printer.print(text));
  const json = (value: object): void =>
    void (names.has('json') && process.stdout.write(`${JSON.stringify(value)}\n`));

  show(` stemedb-sim   seed ${seed}   ${arenasLine(plan)}\n`);
  const begun = performance.now();
  const output = args.output ?? defaultOutput;
  const campaign = await CampaignReport.begin({
    catalogue,
    plan,
    names,
    output: args.output,
    folder: output,
    mutant: args.mutant,
    print: (text) => printer.print(text),
  });
  const examiner = new explore.Examiner(args.mutant);
  const replayer = new explore.Examiner(args.mutant);
  let dashboard: Dashboard | undefined;
  const elapsedMs = (): number => dashboard?.model.elapsedMs ?? performance.now() - begun;
  const failures = new FailureReporter({
    catalogue,
    examiner,
    printer,
    output,
    runs,
    style,
    minimize: args.minimize,
    // While a campaign goes on it has the processors.
    jobs: isDashboard ? 1 : wholeNumber('jobs', args.jobs, 1),
    isInBackground: isDashboard,
    show,
    explain: (file, replay, page) => campaign.explain(file, replay, page),
    onNews: (signature, news) => dashboard?.model.explain(signature, news),
  });
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    if (dashboard !== undefined) dashboard.model.phase = 'stopping';
    failures.hurry();
  };
  process.once('SIGINT', interrupt);
  let divergent = false;
  const progress = isDashboard ? undefined : new Progress(process.stderr, runs);
  let seconds = 0;
  const play = async (): Promise<CampaignSummary> => {
    const summary = await explore.runCampaign(catalogue, {
      plan,
      runs,
      jobs,
      isolate: true,
      shard: part,
      bail,
      mutant: args.mutant,
      stop: () => interrupted || elapsedMs() >= msMax,
      isPaused: () => dashboard?.model.phase === 'paused',
      onWorkers: (workers) => dashboard?.model.setWorkers(workers),
      onRun: async (record) => {
        progress?.step(record.verdict === 'held');
        dashboard?.model.add(record);
        json(record);
        campaign.add(record, elapsedMs());
        if (runs <= runsShown) show(report.runLine(record, style));
        if (record.verdict !== 'held') await failures.add(record);
        else if (args.output !== undefined && runs <= runsShown) await failures.keep(record);
        if (args['check-determinism'] && !explore.isHang(record)) {
          const divergence = await explore.findDivergence(catalogue, record, record.digest);
          if (divergence !== undefined) {
            divergent = true;
            printer.complain(report.divergenceBlock(divergence, style));
          }
        }
      },
    });
    seconds = (performance.now() - begun) / 1000;
    await failures.settle();
    await dashboard?.finish();
    return summary;
  };
  try {
    if (isDashboard) {
      printer.hold();
      dashboard = await openCampaignDashboard({
        catalogue,
        plan,
        runs,
        msMax,
        examiner: replayer,
        quit: interrupt,
        quitAtOnce: () => {
          dashboard?.close();
          printer.release();
          process.removeListener('SIGINT', interrupt);
          process.kill(process.pid, 'SIGINT');
        },
        stopMinimizing: () => examiner.stopMinimizing(),
      });
    }
    const summary = await (dashboard === undefined ? play() : Promise.race([play(), dashboard.broken]));
    printer.release();
    json(summary);
    await failures.showRepeats();
    show(`\n${report.summaryBlock(summary, seconds, style)}`);
    await campaign.finish(summary, seconds);
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
    progress?.end();
    dashboard?.close();
    printer.release();
    process.removeListener('SIGINT', interrupt);
    await Promise.all([examiner.close(), replayer.close()]);
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
