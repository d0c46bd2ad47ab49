import { getHeapStatistics } from 'node:v8';
import {
  type AnchoredFault,
  ArenaContext,
  drawKnob,
  drawSwarm,
  type FaultPlan,
  type Landmark,
  Landmarks,
  plainFault,
  type Scenario,
  type Swarm,
} from '../arena/index.ts';
import { type HistoryEvent, signatureOf, Violation } from '../check/index.ts';
import { nodeSignatures } from '../crypto/index.ts';
import {
  type ChoiceMode,
  type Overtaking,
  Profiler,
  RandomWalk,
  type ReplayStates,
  type ScheduleProfile,
  type StateLimits,
  type Tape,
  type Trace,
  type Uniform,
  World,
  type WorldFailure,
  type WorldOptions,
} from '../sim/index.ts';
import { type Catalogue, UnknownNameError } from './catalogue.ts';
import { measuredProfile } from './measured-profile.ts';
import { measuringPlan, needsProfile, type RunPlan, workloadSeedOf } from './run-plan.ts';
import type { FailureDetail, RunRecord, Verdict } from './run-record.ts';
import { statsOf } from './stats.ts';
import { beat } from './watchdog/heart.ts';

export interface PlayOptions {
  /** Replay these choices instead of drawing them from the seed. */
  readonly replay?: Replay | undefined;
  /** Watch how the run goes, for a minimizer: who overtakes whom, and where planned faults fall. */
  readonly observe?: boolean;
  /** Keep every choice. */
  readonly record?: boolean;
  /** Keep every step. */
  readonly trace?: boolean;
  /** With `trace`: keep the state after each step, too. */
  readonly states?: StateLimits | undefined;
  /** A run that needs more steps is a livelock. */
  readonly stepsMax?: number | undefined;
  /** Stand still after this many steps. */
  readonly stepsUntil?: number | undefined;
  /** What the strategy goes by, instead of measuring it. */
  readonly profile?: ScheduleProfile | undefined;
  /** Decides instead of the strategy of the plan. */
  readonly strategy?: Exclude<WorldOptions['strategy'], string> | undefined;
  /** Instead of the one that the catalogue has under the name. */
  readonly scenario?: Scenario | undefined;
  /** Tell whoever listens to this thread of each step, and whose it is: for a run that may hang. */
  readonly tellsSteps?: boolean | undefined;
}

/** Plays a run, in this thread or in another. */
export type Play = (plan: RunPlan, options?: PlayOptions) => Promise<PlayedRun>;

export interface Replay {
  /** `prefix`: `steps`, until `cut`; what faults and the schedule do then is new, from `seed`. */
  readonly mode: 'strict' | 'steps' | 'prefix';
  readonly tape: Tape;
  /** In mode `steps`: in order, but for these, whatever the picks of the tape say. */
  readonly overtakings?: readonly Overtaking[] | undefined;
  /** In mode `steps`: another schedule instead, by this strategy and seed. */
  readonly shuffle?: Shuffle | undefined;
  /** Instead of those that the tape would have. */
  readonly faults?: FaultPlan | undefined;
  /** Options by name, whatever the tape says. */
  readonly knobs?: Readonly<Record<string, string>> | undefined;
  /** In mode `steps`: operations and agents that the tape does not list are left out. */
  readonly omitsUnlisted?: boolean | undefined;
  /** In mode `prefix`: the last step of the prefix, and the seed of what comes then. */
  readonly cut?: { readonly step: number; readonly seed: string } | undefined;
}

export interface Shuffle {
  readonly strategy: string;
  readonly seed: string;
  /** Faults, too, are new, those aside that the tape leaves out. */
  readonly hasNewFaults?: boolean | undefined;
}

/** What `observe` saw. */
export interface Observed {
  readonly overtakings: readonly Overtaking[];
  /** Those that came at a moment or struck something, in order. */
  readonly faults: readonly AnchoredFault[];
  /** The first call or message of each sort. */
  readonly landmarks: readonly Landmark[];
}

export interface PlayedRun {
  readonly record: RunRecord;
  readonly failure: FailureDetail | undefined;
  readonly scenario: Scenario;
  readonly knobs: Readonly<Record<string, string>>;
  /** What the strategy went by; absent when it needs nothing, and in a replay. */
  readonly profile: ScheduleProfile | undefined;
  readonly history: readonly HistoryEvent[];
  readonly tape: Tape | undefined;
  readonly trace: Trace | undefined;
  readonly states: ReplayStates | undefined;
  /** Tasks that were ever started. */
  readonly tasks: number;
  /** What a replay asked for and the run gave no occasion to. */
  readonly missed: readonly string[];
  readonly observed: Observed;
}

/** Far beyond any run that makes progress: the longest of 100,000 needed under a tenth of it. */
const stepsMaxDefault = 2_000_000;

/** A guess for strategies that need none. */
const choicesPerRun = 1_000;

/** How often the heap is measured: 2 µs against about a thousand. */
const stepsPerHeapLook = 1024;

/** Plays in this thread, where a run that hangs never ends. */
export function playIn(catalogue: Catalogue): Play {
  return (plan, options) => play(catalogue, plan, options);
}

/** Plays one run from its plan. Never rejects for what happens inside the world. */
export async function play(
  catalogue: Catalogue,
  plan: RunPlan,
  options: PlayOptions = {},
): Promise<PlayedRun> {
  const arena = catalogue.arenas.get(plan.arena);
  const scenario = options.scenario ?? catalogue.scenarios.get(plan.scenario);
  if (arena === undefined) throw new UnknownNameError('arena', plan.arena, catalogue.arenas);
  if (scenario === undefined) throw new UnknownNameError('scenario', plan.scenario, catalogue.scenarios);
  const {
    replay,
    record = false,
    trace = false,
    observe = false,
    tellsSteps = false,
    stepsMax = stepsMaxDefault,
    stepsUntil,
    strategy = plan.strategy,
  } = options;
  const profile =
    replay === undefined && strategy === plan.strategy && needsProfile(plan.strategy)
      ? (options.profile ?? (await measuredProfile(catalogue, plan, () => measure(catalogue, plan, options))))
      : undefined;
  const overtakings: Overtaking[] = [];
  const isPlanned = replay?.faults !== undefined;
  const landmarks = observe || isPlanned ? new Landmarks(replay?.faults) : undefined;
  let heapBytesPeak = 0;
  let swarm: Swarm = { scenario, knobs: {} };
  const world = new World({
    choices: choicesOf(plan, replay, record),
    strategy: replay?.mode === 'prefix' ? 'random' : (replay?.shuffle?.strategy ?? strategy),
    choicesPerRun,
    profile,
    overtakings: replay?.mode === 'steps' ? replay.overtakings : undefined,
    cut: replay?.cut && { step: replay.cut.step, effect: () => context.chaos.planAnew() },
    strikes: landmarks?.strikes,
    observer: landmarks && {
      overtaken: (overtaking) => void overtakings.push(overtaking),
      delivered: ({ name }, operation, resource) => landmarks.delivered(name, operation, resource),
    },
    latency: scenario.latency,
    network: (choices) => {
      swarm = drawSwarm(scenario, (name, values) => drawKnob(choices, replay?.knobs, name, values));
      return swarm.scenario.network;
    },
    stepsMax,
    stepsUntil,
    trace,
    states: options.states,
    signatures: nodeSignatures,
    watch: {
      everySteps: tellsSteps ? 1 : stepsPerHeapLook,
      look: () => {
        beat(world.kernel.steps, tellsSteps ? world.kernel.current.path : undefined);
        heapBytesPeak = Math.max(heapBytesPeak, getHeapStatistics().used_heap_size);
      },
    },
  });
  const context = new ArenaContext(world, swarm.scenario, {
    landmarks,
    knobs: replay?.knobs,
    drawn: swarm.knobs,
  });
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
    history: context.history.events,
    tape: outcome.tape,
    trace: outcome.trace,
    states: outcome.states,
    tasks: outcome.tasks,
    missed: [...(landmarks?.missed ?? []).map(plainFault), ...context.missedKnobs(), ...outcome.missed],
    observed: { overtakings, faults: landmarks?.injected ?? [], landmarks: landmarks?.seen ?? [] },
  };
}

function choicesOf(plan: RunPlan, replay: Replay | undefined, record: boolean): ChoiceMode {
  const seed = workloadSeedOf(plan.seed);
  if (replay === undefined) return { kind: 'seed', seed, record, scheduleSeed: plan.seed };
  const { mode, tape } = replay;
  if (mode === 'prefix') return { kind: 'prefix', seed, tape, scheduleSeed: replay.cut?.seed ?? seed };
  if (mode === 'steps' && (replay.overtakings ?? replay.shuffle) !== undefined) {
    const { omitsUnlisted, shuffle } = replay;
    if (shuffle?.hasNewFaults === true) {
      return { kind: 'prefix', seed, tape, scheduleSeed: shuffle.seed, isLoose: true };
    }
    const decided = { tape: withoutPicks(tape), decisions: 'strategy', omitsUnlisted } as const;
    return { kind: 'steps', seed, scheduleSeed: shuffle?.seed, ...decided };
  }
  return { kind: mode, seed, tape };
}

function withoutPicks(tape: Tape): Tape {
  const { pick: _, ...schedule } = tape.schedule;
  return { ...tape, schedule };
}

/** Walks once at random through the workload and faults of `plan`, whatever comes of it. */
async function measure(
  catalogue: Catalogue,
  plan: RunPlan,
  { tellsSteps, scenario }: PlayOptions,
): Promise<ScheduleProfile> {
  let profiler: Profiler | undefined;
  const strategy = (dice: Uniform): Profiler => (profiler = new Profiler(new RandomWalk(dice)));
  const options = { strategy, tellsSteps, scenario };
  await play(catalogue, measuringPlan(plan), options);
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
