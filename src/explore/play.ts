import { getHeapStatistics } from 'node:v8';
import { ArenaContext, type Scenario, type Swarm, swarmFaults } from '../arena/index.ts';
import { signatureOf, Violation } from '../check/index.ts';
import { nodeSignatures } from '../crypto/index.ts';
import {
  Profiler,
  RandomWalk,
  type ScheduleProfile,
  type Tape,
  type Trace,
  type Uniform,
  World,
  type WorldFailure,
  type WorldOptions,
} from '../sim/index.ts';
import type { Catalogue } from './catalogue.ts';
import { measuredProfile } from './measured-profile.ts';
import { needsProfile, type RunPlan, workloadSeedOf } from './run-plan.ts';
import type { FailureDetail, RunRecord, Verdict } from './run-record.ts';
import { statsOf } from './stats.ts';

export interface PlayOptions {
  /** Replay these choices instead of drawing them from the seed. */
  readonly replay?: { readonly mode: 'strict' | 'steps'; readonly tape: Tape } | undefined;
  /** Keep every choice. */
  readonly record?: boolean;
  /** Keep every step. */
  readonly trace?: boolean;
  /** Stand still after this many steps. */
  readonly stepsUntil?: number | undefined;
  /** What the strategy goes by, instead of measuring it. */
  readonly profile?: ScheduleProfile | undefined;
  /** Decides instead of the strategy of the plan. */
  readonly strategy?: Exclude<WorldOptions['strategy'], string> | undefined;
  /** Called every so many steps: the run makes progress. */
  beat?(): void;
}

export interface PlayedRun {
  readonly record: RunRecord;
  readonly failure: FailureDetail | undefined;
  readonly scenario: Scenario;
  readonly knobs: Readonly<Record<string, string>>;
  /** What the strategy went by; absent when it needs nothing, and in a replay. */
  readonly profile: ScheduleProfile | undefined;
  readonly history: ArenaContext['history'];
  readonly tape: Tape | undefined;
  readonly trace: Trace | undefined;
}

/** Far beyond any run that makes progress: the longest of 100,000 needed under a tenth of it. */
const stepsMax = 2_000_000;

/** A guess for strategies that need none. */
const choicesPerRun = 1_000;

/** How often the heap is measured: 2 µs against about a thousand. */
const stepsPerHeapLook = 1024;

/** Plays one run from its plan. Never rejects for what happens inside the world. */
export async function play(
  catalogue: Catalogue,
  plan: RunPlan,
  options: PlayOptions = {},
): Promise<PlayedRun> {
  const arena = catalogue.arenas.get(plan.arena);
  const scenario = catalogue.scenarios.get(plan.scenario);
  if (arena === undefined) throw new RangeError(`No arena "${plan.arena}".`);
  if (scenario === undefined) throw new RangeError(`No scenario "${plan.scenario}".`);
  const { replay, record = false, trace = false, stepsUntil, strategy = plan.strategy } = options;
  const profile =
    replay === undefined && strategy === plan.strategy && needsProfile(plan.strategy)
      ? (options.profile ?? (await measuredProfile(catalogue, plan, () => measure(catalogue, plan, options))))
      : undefined;
  let heapBytesPeak = 0;
  const seed = workloadSeedOf(plan.seed);
  let swarm: Swarm = { scenario, faults: 'all' };
  const world = new World({
    choices:
      replay === undefined
        ? { kind: 'seed', seed, record, scheduleSeed: plan.seed }
        : { kind: replay.mode, seed, tape: replay.tape },
    strategy,
    choicesPerRun,
    profile,
    latency: scenario.latency,
    network: (choices) => {
      swarm = swarmFaults(scenario, (site) => choices.stream('knobs', site));
      return swarm.scenario.network;
    },
    stepsMax,
    stepsUntil,
    trace,
    signatures: nodeSignatures,
    watch: {
      everySteps: stepsPerHeapLook,
      look: () => {
        options.beat?.();
        heapBytesPeak = Math.max(heapBytesPeak, getHeapStatistics().used_heap_size);
      },
    },
  });
  const context = new ArenaContext(world, swarm.scenario, { faults: swarm.faults });
  const begun = performance.now();
  const outcome = await world.run(() => arena.play(context));
  const wallMs = Math.round((performance.now() - begun) * 1000) / 1000;
  const { verdict, failure } = judge(outcome.failure);
  return {
    record: {
      type: 'run',
      ...plan,
      verdict,
      property: failure?.property ?? null,
      signature: failure === undefined ? null : signatureOf(failure),
      steps: outcome.steps,
      virtualMs: outcome.virtualMicros / 1000,
      wallMs,
      digest: outcome.digest,
      operations: context.history.operations(),
      faults: context.chaos.counts(),
      markers: outcome.markers,
      stats: statsOf(context.latenciesMicros(), outcome, {
        seconds: wallMs / 1000,
        heapBytesPeak,
        rssBytesPeak: process.resourceUsage().maxRSS * 1024,
      }),
    },
    failure,
    scenario,
    knobs: context.knobs(),
    profile,
    history: context.history,
    tape: outcome.tape,
    trace: outcome.trace,
  };
}

/** Walks once at random through the workload and faults of `plan`, whatever comes of it. */
async function measure(catalogue: Catalogue, plan: RunPlan, { beat }: PlayOptions): Promise<ScheduleProfile> {
  let profiler: Profiler | undefined;
  const strategy = (dice: Uniform): Profiler => (profiler = new Profiler(new RandomWalk(dice)));
  const options = beat === undefined ? { strategy } : { strategy, beat };
  await play(catalogue, { ...plan, seed: workloadSeedOf(plan.seed) }, options);
  if (profiler === undefined) throw new TypeError('A world made no strategy.');
  return profiler.profile();
}

function judge(failure: WorldFailure | undefined): {
  readonly verdict: Verdict;
  readonly failure: FailureDetail | undefined;
} {
  if (failure === undefined) return { verdict: 'held', failure: undefined };
  const { error } = failure;
  const explanation = error instanceof Error ? error.stack : String(error);
  const code = codeOf(error);
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  switch (failure.kind) {
    case 'thrown':
      if (error instanceof Violation) {
        return { verdict: 'violated', failure: { ...error.detail, explanation: causes(error) } };
      }
      return {
        verdict: 'violated',
        failure: { property: 'no-unexpected-error', category: 'unhandled', code, message, explanation },
      };
    case 'stuck':
      return {
        verdict: 'violated',
        failure: {
          property: 'always-makes-progress',
          category: 'stuck',
          code,
          message,
          explanation: failure.error.message,
        },
      };
    case 'unhandled':
      return {
        verdict: 'violated',
        failure: {
          property: 'no-unhandled-rejection',
          category: 'unhandled',
          code,
          message: `Nobody handled a rejection in ${failure.task}: ${message}`,
          explanation,
        },
      };
    case 'leak':
    case 'simulator':
      return {
        verdict: 'error',
        failure: { property: 'simulator', category: 'unhandled', code, message, explanation },
      };
  }
}

/** The stack, and the stacks of what caused it. */
function causes(error: Error): string {
  const stacks: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    stacks.push(cause.stack ?? cause.message);
  }
  return stacks.join('\ncaused by ');
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
