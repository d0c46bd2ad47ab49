import type { Dashboard, DashboardStreams } from '../../dashboard/index.ts';
import type { CampaignPlan, Catalogue, Examiner } from '../../explore/index.ts';

export interface CampaignDashboardOptions {
  readonly catalogue: Catalogue;
  readonly plan: CampaignPlan;
  readonly runs: number;
  readonly msMax: number;
  /** For replays: another than the one that minimizes, so that nobody has to wait. */
  readonly examiner: Examiner;
  quit(): void;
  quitAtOnce(): void;
  stopMinimizing(): void;
}

/** Opens the dashboard of a campaign on the terminal. */
export async function openCampaignDashboard(options: CampaignDashboardOptions): Promise<Dashboard> {
  // Late: what a planted bug changes must not be loaded before the bug is planted.
  const { markersOf } = await import('../../arena/index.ts');
  const { openDashboard } = await import('../../dashboard/index.ts');
  const { catalogue, plan, runs, msMax, examiner } = options;
  const arenas = new Map<string, readonly string[]>();
  const markers = new Set<string>();
  for (const { arena: name, scenario: scenarioName } of plan.pairs) {
    const arena = catalogue.arenas.get(name);
    const scenario = catalogue.scenarios.get(scenarioName);
    if (arena === undefined || scenario === undefined) continue;
    const properties = arena.properties.map(({ id }) => id);
    arenas.set(name, properties);
    for (const marker of markersOf(arena, scenario)) markers.add(marker);
  }
  return openDashboard(
    {
      seed: plan.seed,
      arenas: [...arenas].map(([name, properties]) => ({ name, properties })),
      scenarios: [...new Set(plan.pairs.map(({ scenario }) => scenario))],
      runs,
      msMax,
      markers: [...markers],
    },
    {
      quit: () => options.quit(),
      quitAtOnce: () => options.quitAtOnce(),
      stopMinimizing: () => options.stopMinimizing(),
      replay: (file) => examiner.replay(file),
    },
    await terminalStreams(),
  );
}

export async function terminalStreams(): Promise<DashboardStreams> {
  const { hasColours } = await import('../../report/index.ts');
  const { stderr, stdin, env } = process;
  return { output: stderr, input: stdin, hasColours: hasColours(stderr, env) };
}
