import type { HistoryEvent } from '../../check/index.ts';
import type { PlayedRun } from '../play.ts';
import type { StoryStep } from '../run-record.ts';

/** More lines than this nobody reads: then the comings and goings of machines are left out. */
const linesMax = 14;

/** The run in plain lines, the last of which is the failure. */
export function storyOf({ history: events, failure, record }: PlayedRun): readonly StoryStep[] {
  const promise = failure === undefined ? undefined : promiseOf(events, failure);
  const isRoutine = ({ kind, text }: HistoryEvent): boolean =>
    kind !== 'fault' && /^(starts|serves|closed)$/.test(text);
  const told = events.length < linesMax ? events : events.filter((event) => !isRoutine(event));
  const steps = told.map((event): StoryStep => {
    const { step, timeMicros, actor, text } = event;
    return {
      step,
      timeMicros,
      who: event.kind === 'fault' ? 'fault' : actor,
      text: event.kind === 'fault' ? `${actor} ${text}` : text,
      mark: event === promise ? 'promise' : null,
    };
  });
  if (failure === undefined) return steps;
  return [
    ...steps,
    {
      step: record.steps,
      timeMicros: Math.round(record.virtualMs * 1000),
      who: 'check',
      text: failure.message,
      mark: promise === undefined ? null : 'promise broken',
    },
  ];
}

/** Categories of failures that break what somebody was told. */
const broken: ReadonlySet<string> = new Set(['lost-ack', 'lost-observed', 'inconsistent', 'refused']);

/** The acknowledgement that the failure is about: of what it names, or else the last one before the last fault. */
function promiseOf(
  events: readonly HistoryEvent[],
  failure: {
    readonly category: string;
    readonly expected?: string | undefined;
    readonly actual?: string | undefined;
  },
): HistoryEvent | undefined {
  if (!broken.has(failure.category)) return undefined;
  const names = `${failure.expected ?? ''} ${failure.actual ?? ''}`.match(/\b[0-9a-f]{8}/g) ?? [];
  const named = names.map((name) => promiseAbout(events, name)).find((event) => event !== undefined);
  if (named !== undefined) return named;
  const lastFault = events.findLastIndex(({ kind }) => kind === 'fault');
  const before = lastFault < 0 ? events : events.slice(0, lastFault);
  return before.findLast(isPromise);
}

/** What names it and is told `ok`, or else the first promise to whoever asked for it. */
function promiseAbout(events: readonly HistoryEvent[], name: string): HistoryEvent | undefined {
  const direct = events.find((event) => isPromise(event) && event.text.includes(name));
  if (direct !== undefined) return direct;
  const asked = events.findIndex(({ kind, text }) => kind === 'invoke' && text.includes(name));
  if (asked < 0) return undefined;
  const { actor } = events[asked]!;
  return events.slice(asked).find((event) => event.actor === actor && isPromise(event));
}

function isPromise({ kind, text }: HistoryEvent): boolean {
  return kind === 'ok' && /acknowledged|is promised/.test(text);
}
