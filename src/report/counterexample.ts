import type {
  FailureDetail,
  HistoryEvent,
  MinimizedCase,
  ReplayStates,
  RunFile,
  RunRecord,
  RunTrace,
  TracePowerLoss,
} from '../explore/index.ts';
import { spaceTime, type SpaceTime } from './space-time.ts';
import { bytes, duration, grouped } from './style.ts';
import { stepLine } from './trace-text.ts';

/** What a report is made from. */
export interface ReportSource {
  readonly file: RunFile;
  /** Of the run that is shown, which is the minimized one where there is one. Without it there is less to show. */
  readonly trace?: RunTrace | undefined;
  /** Of the same run: what the world was like after each step. */
  readonly states?: ReplayStates | undefined;
  readonly kind: 'safety' | 'liveness';
  /** What to type to have it again. */
  readonly replay: string;
}

/** Everything that a report says, in its order; what a run has no data of is `undefined` or empty. */
export interface Counterexample {
  readonly title: string;
  /** `safety · torn-writes · pct-3 · seed 42`. */
  readonly subtitle: string;
  readonly verdict: string;
  readonly isHeld: boolean;
  readonly planted: string | undefined;
  readonly replay: string;
  readonly failure: FailureDetail | undefined;
  readonly steps: readonly ToldStep[];
  /** `1,847 steps, minimized to 4`. */
  readonly stepsSummary: string;
  readonly spaceTime: SpaceTime | undefined;
  readonly states: ReplayStates | undefined;
  readonly powerLosses: readonly TracePowerLoss[];
  readonly pointOfNoReturn: MinimizedCase['pointOfNoReturn'];
  readonly facts: readonly FactGroup[];
  readonly minimizer: Minimizer | undefined;
  readonly trace: { readonly lines: readonly string[]; readonly notice: string | undefined } | undefined;
}

/** One line of what happened, in plain words. */
export interface ToldStep {
  /** From 1: what other parts of a report refer to. */
  readonly number: number;
  readonly step: number;
  readonly timeMicros: number;
  readonly who: string;
  readonly text: string;
  readonly isFault: boolean;
  readonly mark: 'promise' | 'promise broken' | null;
}

export interface FactGroup {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

export interface Minimizer {
  readonly summary: string;
  readonly passes: MinimizedCase['passes'];
  readonly slipped: MinimizedCase['slipped'];
}

/** Events of a full trace that a report shows. */
const traceEventsMax = 10_000;

const storyMax = 400;

export function counterexample({ file, trace, states, kind, replay }: ReportSource): Counterexample {
  const { minimized } = file;
  const record = minimized?.record ?? file.record;
  const failure = minimized?.failure ?? file.failure ?? undefined;
  const history = minimized?.history ?? file.history;
  const { arena, property, scenario, strategy, seed } = file.record;
  const steps = minimized === undefined ? stepsOf(history) : storyOf(minimized);
  return {
    title: property === null ? arena : `${arena} > ${property}`,
    subtitle: `${kind} · ${scenario} · ${strategy} · seed ${seed}`,
    verdict: failure?.message ?? 'Every property held.',
    isHeld: failure === undefined,
    planted: file.mutant ?? undefined,
    replay,
    failure,
    steps,
    stepsSummary: summaryOf(file.record, steps, history, minimized),
    spaceTime: spaceTime(history, trace, minimized?.story ?? []),
    states,
    powerLosses: trace?.powerLosses ?? [],
    pointOfNoReturn: minimized?.pointOfNoReturn ?? null,
    facts: factsOf(file, record, minimized?.knobs ?? file.knobs),
    minimizer: minimized === undefined ? undefined : minimizerOf(minimized),
    trace: trace === undefined ? undefined : cappedTrace(trace),
  };
}

/** The last events of a long history: what led to the failure is at the end. */
function stepsOf(history: readonly HistoryEvent[]): ToldStep[] {
  const skipped = Math.max(0, history.length - storyMax);
  return history.slice(skipped).map(({ step, timeMicros, actor, text, kind }, index) => ({
    number: skipped + index + 1,
    step,
    timeMicros,
    who: kind === 'fault' ? 'fault' : actor,
    text: kind === 'fault' ? `${actor} ${text}` : text,
    isFault: kind === 'fault',
    mark: null,
  }));
}

function storyOf({ story }: MinimizedCase): ToldStep[] {
  return story.map((step, index) => ({ ...step, number: index + 1, isFault: step.who === 'fault' }));
}

function summaryOf(
  record: RunRecord,
  steps: readonly ToldStep[],
  history: readonly HistoryEvent[],
  minimized: MinimizedCase | undefined,
): string {
  const all = `${grouped(record.steps)} steps`;
  if (minimized !== undefined) {
    const { tries, outcome } = minimized;
    return `${all}, told in ${steps.length} once minimized (${grouped(tries)} tries, ${outcome})`;
  }
  return steps.length < history.length
    ? `${all}; the last ${steps.length} of ${grouped(history.length)} events`
    : `${all}, ${steps.length} events`;
}

function factsOf(file: RunFile, record: RunRecord, knobs: RunFile['knobs']): FactGroup[] {
  const counted = (counts: Readonly<Record<string, number>>): [string, string][] =>
    Object.entries(counts).map(([name, count]) => [name, grouped(count)]);
  const { stats } = record;
  const groups: FactGroup[] = [
    { title: 'Faults', facts: counted(record.faults) },
    { title: 'Operations', facts: counted(record.operations) },
    { title: 'Options that the seed expanded to', facts: Object.entries(knobs) },
    { title: 'Markers', facts: counted(record.markers) },
    {
      title: 'Run',
      facts: [
        ['signature', file.record.signature ?? 'none'],
        ['digest', record.digest],
        ['steps', grouped(record.steps)],
        ['virtual time', duration(record.virtualMs)],
        ['latency p50, p99', `${duration(stats.p50)}, ${duration(stats.p99)}`],
        ['most on a disk', bytes(stats.peakBytes.disk)],
        ['stemedb-sim', file.version.stemedbSim],
        ['Node.js', file.version.node],
      ],
    },
  ];
  return groups.filter(({ facts }) => facts.length > 0);
}

function minimizerOf({
  outcome,
  tries,
  wallMs,
  passes,
  slipped,
  sizeBefore,
  size,
}: MinimizedCase): Minimizer {
  const ending = outcome === '1-minimal' ? '1-minimal: yes' : 'the budget was spent';
  return {
    summary:
      `${grouped(tries)} tries in ${duration(wallMs)}; ${ending}. ` +
      `Faults ${grouped(sizeBefore.faults)} to ${grouped(size.faults)}, ` +
      `operations ${grouped(sizeBefore.operations)} to ${grouped(size.operations)}, ` +
      `steps ${grouped(sizeBefore.steps)} to ${grouped(size.steps)}.`,
    passes,
    slipped,
  };
}

function cappedTrace(trace: RunTrace): Counterexample['trace'] {
  const { steps } = trace;
  const shown = steps.slice(-traceEventsMax);
  const notice =
    shown.length < steps.length
      ? `The last ${grouped(shown.length)} of ${grouped(steps.length)} events; "replay --trace full" prints all.`
      : undefined;
  return { lines: shown.map(stepLine), notice };
}

/** Virtual time for people: `14.1 ms`; near the start to the microsecond, for there much happens at once. */
export function timeText(micros: number): string {
  return `${(micros / 1000).toFixed(micros < 10_000 ? 3 : 1)} ms`;
}
