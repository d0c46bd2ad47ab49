import type {
  CampaignStats,
  CampaignSummary,
  Divergence,
  MinimizedCase,
  RunFile,
  RunRecord,
  RunTrace,
  TraceStep,
} from '../explore/index.ts';
import { bytes, duration, grouped, runsText, type Style } from './style.ts';
import { stepLine } from './trace-text.ts';

const historyShown = 14;
const storyShown = 16;

export interface FailureContext {
  /** How many runs the campaign has; `undefined` when it has no fixed number. */
  readonly runs: number | undefined;
  readonly kind: 'safety' | 'liveness';
  /** What to type to have it again: `npx stemedb-sim replay reports/42.json`. */
  readonly replay: string | undefined;
  /** What to type to keep it: `npx stemedb-sim keep reports/42.json --name acked-vote-torn-tail`. */
  readonly keep?: string | undefined;
  /** Where its page is: `reports/42.html`. */
  readonly page?: string | undefined;
}

/** One line for a run that is shown by itself. */
export function runLine(record: RunRecord, style: Style): string {
  const mark =
    record.verdict === 'held'
      ? style('green', '✓ held    ')
      : style('red', record.verdict === 'violated' ? '✗ violated' : '! error   ');
  const faults = Object.entries(record.faults).map(([fault, count]) => `${fault} ${grouped(count)}`);
  return [
    ` ${mark}  ${record.arena} · ${record.scenario} · ${record.strategy} · seed ${record.seed}`,
    `             ${grouped(record.steps)} steps, ${duration(record.virtualMs)} of virtual time in ${duration(record.wallMs)}` +
      (faults.length === 0 ? '' : `; ${faults.join(', ')}`),
    `             digest ${record.digest}`,
  ].join('\n');
}

/** A failure, as a person should meet it: what, where, the history that led there, what to type next. */
export function failureBlock(file: RunFile, context: FailureContext, style: Style): string {
  const { record } = file;
  const failure = file.minimized?.failure ?? file.failure;
  if (failure === null) throw new TypeError('A run that held has no failure to show.');
  const title = `${record.arena} > ${failure.property}`;
  const runs = context.runs === undefined ? '' : ` of ${grouped(context.runs)}`;
  const lines = [
    ` ${style(['bold', 'bgRed'], ' FAIL ')} ${style('bold', title)}${`run ${grouped(record.run)}${runs}`.padStart(Math.max(2, 78 - title.length - 8))}`,
    style('dim', `        ${context.kind} · ${record.scenario} · ${record.strategy} · seed ${record.seed}`),
    '',
    `  ${style('bold', failure.message)}`,
    '',
    ...(file.minimized === undefined ? historyLines(file, style) : minimizedLines(file.minimized, style)),
    '',
  ];
  if (failure.expected !== undefined) {
    lines.push(style('green', `  - expected  ${failure.expected}`));
    lines.push(style('red', `  + actual    ${failure.actual ?? ''}`), '');
  }
  if (failure.code !== undefined) lines.push(`  Code     ${failure.code}`);
  if (failure.explanation !== undefined && failure.expected === undefined) {
    lines.push(...failure.explanation.split('\n').map((line) => style('dim', `  ${line}`)), '');
  }
  if (file.mutant !== null) lines.push(`  Planted  ${file.mutant}: this bug was put there on purpose`);
  if (context.replay !== undefined) lines.push(`  Replay   ${context.replay}`);
  if (context.keep !== undefined) lines.push(`  Keep     ${context.keep}`);
  if (context.page !== undefined) lines.push(`  Open     ${context.page}`);
  return lines.join('\n');
}

/** What the minimizer came to: the head says what it took, the lines are the run. */
function minimizedLines(minimized: MinimizedCase, style: Style): string[] {
  const { sizeBefore, story, tries, wallMs, outcome, slipped, pointOfNoReturn } = minimized;
  const facts = [
    `${grouped(tries)} tries`,
    duration(wallMs),
    'same failure',
    'replayed twice',
    outcome === '1-minimal' ? '1-minimal' : 'budget spent',
  ];
  const shown = story.slice(-storyShown);
  const skipped = story.length - shown.length;
  const lines = [
    `  Minimized ${grouped(sizeBefore.steps)} steps to ${story.length}   (${facts.join(', ')})`,
    ...(skipped === 0 ? [] : [style('dim', `    ... ${skipped} more before`)]),
    ...shown.map(({ timeMicros, who, text, mark }, index) => {
      const head = `  ${String(skipped + index + 1).padStart(3)}  t=${plainMs(timeMicros)}ms`;
      const words = `${head.padEnd(16)} ${who.padEnd(9)} ${text}`;
      const line = mark === null ? words : `${words.padEnd(72)}  <- ${mark}`;
      if (who === 'fault') return style('yellow', line);
      return mark === 'promise broken' ? style('red', line) : line;
    }),
  ];
  const jump = pointOfNoReturn?.jump;
  if (pointOfNoReturn != null && jump != null) {
    const at = (step: number): string =>
      percent(pointOfNoReturn.curve.find((one) => one.step === step)?.share);
    lines.push(
      style(
        'dim',
        `  Inevitable from step ${jump.toStep} on: ${at(jump.fromStep)} of continuations fail before it, ${at(jump.toStep)} after`,
      ),
    );
  }
  for (const { signature, times } of slipped) {
    lines.push(style('dim', `  On the way ${grouped(times)} runs failed otherwise: ${signature}`));
  }
  return lines;
}

function plainMs(micros: number): string {
  return micros < 10_000 ? (micros / 1000).toFixed(1) : String(Math.round(micros / 1000));
}

function percent(share = 0): string {
  return `${Math.round(share * 100)} %`;
}

/** `... and 17 more runs with this failure`. */
export function repeatsLine(signature: string, repeats: number, style: Style): string {
  const runs = repeats === 1 ? 'run' : 'runs';
  return ` ... and ${grouped(repeats)} more ${runs} with this failure   ${style('dim', signature)}`;
}

function historyLines(file: RunFile, style: Style): string[] {
  const { history, record } = file;
  const shown = history.slice(-historyShown);
  const skipped = history.length - shown.length;
  const head =
    `  What happened in ${grouped(record.steps)} steps` +
    (skipped > 0 ? `   (the last ${shown.length} of ${grouped(history.length)} events)` : '');
  return [
    head,
    ...shown.map(({ kind, timeMicros, actor, text }, index) => {
      const line =
        `  ${String(skipped + index + 1).padStart(4)}  t=${(timeMicros / 1000).toFixed(1)}ms`.padEnd(20);
      const name = kind === 'fault' ? 'fault' : actor;
      const words = `${line} ${name.padEnd(9)} ${kind === 'fault' ? `${actor} ` : ''}${text}`;
      return kind === 'fault' ? style('yellow', words) : words;
    }),
  ];
}

/** What a campaign came to. */
export function summaryBlock(summary: CampaignSummary, seconds: number, style: Style): string {
  const { runs, held, violated, errors } = summary;
  const parts = [
    style('green', `${grouped(held)} held`),
    violated > 0 ? style('red', `${grouped(violated)} violated`) : '0 violated',
    ...(errors > 0 ? [style('red', `${grouped(errors)} errors of the simulator`)] : []),
  ];
  const perSecond = seconds > 0 ? runs / seconds : 0;
  const lines = [
    ` ${runsText(runs)}: ${parts.join(', ')}   ` +
      style(
        'dim',
        `${duration(seconds * 1000)}, ${grouped(perSecond)} runs/s, ${grouped(summary.stepsPerSecond)} steps/s`,
      ),
  ];
  if (runs > 0) lines.push(style('dim', ` ${statsLine(summary.stats)}`));
  for (const { signature, runs: times, seed } of summary.signatures) {
    lines.push(`   ${style('red', '✗')} ${signature}   ${runsText(times)}, first seed ${seed}`);
  }
  if (runs >= 20 && summary.markersNeverReached.length > 0) {
    lines.push(style('yellow', ` never reached: ${summary.markersNeverReached.join(', ')}`));
  }
  return lines.join('\n');
}

/** What was measured, as far as there was anything of it. */
function statsLine(stats: CampaignStats): string {
  const { worst } = stats;
  const rates = [
    [stats.assertionsPerSecond, 'assertions', stats.assertionsPerRealSecond],
    [stats.votesPerSecond, 'votes', stats.votesPerRealSecond],
  ] as const;
  const worsts = [
    worst.p999 > 0 && `p50 ${duration(worst.p50)}, p99 ${duration(worst.p99)}, p99.9 ${duration(worst.p999)}`,
    worst.ingestLagBytes > 0 && `ingest lag ${bytes(worst.ingestLagBytes)}`,
    worst.viewStalenessMs > 0 && `views ${duration(worst.viewStalenessMs)} old`,
    worst.queryCandidates > 0 && `${grouped(worst.queryCandidates)} candidates`,
    `disk ${bytes(worst.diskBytes)}`,
    `heap ${bytes(worst.heapBytes)}`,
    `memory ${bytes(worst.rssBytes)}`,
  ];
  return [
    ...rates
      .filter(([virtual]) => virtual > 0)
      .map(([virtual, what, real]) => `${grouped(virtual)} ${what}/s (real ${grouped(real)}/s)`),
    `at worst ${worsts.filter((part) => part !== false).join(', ')}`,
  ].join('; ');
}

/** Where two plays of one seed parted. */
export function divergenceBlock(divergence: Divergence, style: Style): string {
  const { plan, digests, before, first, second } = divergence;
  const head = [
    ` ${style(['bold', 'bgRed'], ' NOT DETERMINISTIC ')} ${plan.arena} · ${plan.scenario} · ${plan.strategy} · seed ${plan.seed}`,
    `  digests ${digests[0]} and ${digests[1]}`,
  ];
  if (first === undefined && second === undefined) {
    return [
      ...head,
      '  Two traced plays agree with each other: the difference comes and goes; run it again.',
    ].join('\n');
  }
  const names = ['first play', 'second play'] as const;
  return [...head, differenceBlock({ before, left: first, right: second, names }, style)].join('\n');
}

export interface Difference {
  /** Steps that both still shared. */
  readonly before: readonly TraceStep[];
  /** `undefined` where a run had ended. */
  readonly left?: TraceStep | undefined;
  readonly right?: TraceStep | undefined;
  readonly names: readonly [left: string, right: string];
}

/** The first step in which two runs differ, after the last that they share. */
export function differenceBlock(difference: Difference, style: Style): string {
  const { before, left, right, names } = difference;
  return [
    '  The first step that differs:',
    ...before.map((one) => style('dim', `    ${stepLine(one)}`)),
    style('green', `  - ${left === undefined ? 'the run had ended' : stepLine(left)}   (${names[0]})`),
    style('red', `  + ${right === undefined ? 'the run had ended' : stepLine(right)}   (${names[1]})`),
  ].join('\n');
}

/** Every step of a traced run with what was said in between, a line each. */
export function* traceLines(trace: RunTrace, style: Style): Generator<string> {
  let note = 0;
  for (const one of trace.steps) {
    while (note < trace.notes.length && trace.notes[note]!.step < one.step) {
      const { timeMicros, task, text } = trace.notes[note++]!;
      yield style('cyan', `           t=${timeMicros}µs  ${task}  ${text}`);
    }
    yield `${stepLine(one)}  ${style('dim', one.fingerprint.toString(16).padStart(8, '0'))}`;
  }
}
