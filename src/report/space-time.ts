import type { HistoryEvent, RunTrace, StoryStep, TraceStep } from '../explore/index.ts';

/** Who did what when, as lanes side by side: for a diagram, or a table. */
export interface SpaceTime {
  /** Only those that take part. */
  readonly lanes: readonly Lane[];
  readonly moments: readonly Moment[];
  /** Says so when there were more moments than are shown. */
  readonly notice: string | undefined;
}

export interface Lane {
  readonly id: string;
  readonly title: string;
  readonly kind: 'agent' | 'engine' | 'disk' | 'faults';
}

export interface Moment {
  readonly step: number;
  readonly timeMicros: number;
  /** Where it happens: the id of a lane. */
  readonly lane: string;
  /** Where what caused it comes from, if that is another lane. */
  readonly from: string | undefined;
  readonly kind:
    'act' | 'answer' | 'failure' | 'fault' | 'message' | 'write' | 'sync' | 'name' | 'power-loss';
  readonly text: string;
  readonly mark: StoryStep['mark'];
  /** What all disks held by then. */
  readonly disks: readonly DiskThen[];
  /** Operations that could have been next instead; `undefined` without a trace. */
  readonly waiting: number | undefined;
}

export interface DiskThen {
  readonly machine: string;
  readonly bytes: number;
  readonly unsyncedBytes: number;
}

const momentsMax = 120;

const faultsLane = 'faults';
const diskOperations = new Map<string, Moment['kind']>([
  ['write', 'write'],
  ['truncate', 'write'],
  ['fsync', 'sync'],
  ['fdatasync', 'sync'],
  ['rename', 'name'],
  ['unlink', 'name'],
]);
const messageOperations = new Set(['request', 'response', 'reset', 'refusal']);

type Draft = Omit<Moment, 'disks' | 'waiting' | 'mark'>;

/** `undefined` when nothing happened that anybody could see. */
export function spaceTime(
  history: readonly HistoryEvent[],
  trace: RunTrace | undefined,
  story: readonly StoryStep[],
): SpaceTime | undefined {
  const machines = machinesOf(history, trace);
  const told = [...history.map((event) => momentOf(event, machines)), ...foundOut(story)];
  const drafts = trace === undefined ? told : merged(told, tracedMoments(trace));
  if (drafts.length === 0) return undefined;
  const shown = drafts.slice(-momentsMax);
  const moments = withState(shown, trace, story);
  return {
    lanes: lanesOf(moments, machines),
    moments,
    notice:
      shown.length < drafts.length ? `The last ${shown.length} of ${drafts.length} moments.` : undefined,
  };
}

function machinesOf(history: readonly HistoryEvent[], trace: RunTrace | undefined): Set<string> {
  const machines = new Set((trace?.disks ?? []).map(({ machine }) => machine));
  for (const { actor, text } of history) if (text === 'starts') machines.add(actor);
  return machines;
}

function momentOf({ kind, step, timeMicros, actor, text }: HistoryEvent, machines: Set<string>): Draft {
  const base = { step, timeMicros };
  if (kind === 'fault') {
    const isPower = text.startsWith('loses power');
    const from = machines.has(actor) ? faultsLane : undefined;
    const lane = isPower && from !== undefined ? diskLane(actor) : (from && actor) || faultsLane;
    return { ...base, lane, from, kind: isPower ? 'power-loss' : 'fault', text: `${actor} ${text}` };
  }
  const kinds = { invoke: 'act', ok: 'answer', fail: 'failure', info: 'failure' } as const;
  return { ...base, lane: actor, from: undefined, kind: kinds[kind], text };
}

/** When the failure was seen: not in the history, since it is the end of it. */
function foundOut(story: readonly StoryStep[]): Draft[] {
  return story
    .filter(({ who, mark }) => who === 'check' && mark !== null)
    .map(({ step, timeMicros, who, text }) => ({
      step,
      timeMicros,
      lane: who,
      from: undefined,
      kind: 'failure',
      text,
    }));
}

function diskLane(machine: string): string {
  return `disk of ${machine}`;
}

/** What the disks and the network did; the same thing done again at once to the same file is one moment. */
function tracedMoments(trace: RunTrace): Draft[] {
  const waits = new Map((trace.waits ?? []).map((wait) => [wait.step, wait]));
  const moments: Draft[] = [];
  let last: { readonly key: string; times: number } | undefined;
  for (const step of trace.steps) {
    const owner = waits.get(step.step)?.owner.split('/')[0] ?? '';
    const moment = diskMoment(step, owner) ?? messageMoment(step);
    if (moment === undefined) continue;
    const key = `${moment.lane} ${moment.text}`;
    if (last?.key === key) {
      last.times += 1;
      moments[moments.length - 1] = { ...moment, text: `${moment.text}, ${last.times} times` };
    } else {
      last = { key, times: 1 };
      moments.push(moment);
    }
  }
  return moments;
}

function diskMoment({ step, timeMicros, operation, resource }: TraceStep, owner: string): Draft | undefined {
  const kind = diskOperations.get(operation);
  if (kind === undefined || !resource.startsWith('/') || owner === '') return undefined;
  const text = `${operation} ${resource.split('/').slice(-2).join('/')}`;
  return { step, timeMicros, lane: diskLane(owner), from: owner, kind, text };
}

function messageMoment({ step, timeMicros, operation, resource }: TraceStep): Draft | undefined {
  const [from, to] = resource.split('>');
  if (!messageOperations.has(operation) || from === undefined || to === undefined) return undefined;
  return { step, timeMicros, lane: to, from, kind: 'message', text: `${operation} from ${from}` };
}

/** By step; what was told after a step comes after what the step did. */
function merged(told: readonly Draft[], traced: readonly Draft[]): Draft[] {
  const order = (one: Draft, other: Draft): number => one.step - other.step;
  return [...traced, ...told].toSorted(order);
}

function withState(
  drafts: readonly Draft[],
  trace: RunTrace | undefined,
  story: readonly StoryStep[],
): Moment[] {
  const disks = trace?.disks ?? [];
  const waits = new Map((trace?.waits ?? []).map((wait) => [wait.step, wait.others]));
  const now = new Map<string, DiskThen>();
  let next = 0;
  return drafts.map((draft) => {
    for (; next < disks.length && disks[next]!.step <= draft.step; next++) {
      const { machine, bytes, unsyncedBytes } = disks[next]!;
      now.set(machine, { machine, bytes, unsyncedBytes });
    }
    const told = story.find(({ step, text }) => step === draft.step && draft.text.endsWith(text));
    return { ...draft, mark: told?.mark ?? null, disks: [...now.values()], waiting: waits.get(draft.step) };
  });
}

function lanesOf(moments: readonly Moment[], machines: ReadonlySet<string>): Lane[] {
  const ids = new Set(moments.flatMap(({ lane, from }) => (from === undefined ? [lane] : [from, lane])));
  const agents: Lane[] = [];
  const servers: Lane[] = [];
  for (const id of [...ids].toSorted(byName)) {
    if (id === faultsLane || id.startsWith('disk of ')) continue;
    if (!machines.has(id)) agents.push({ id, title: id, kind: 'agent' });
    else servers.push({ id, title: id, kind: 'engine' });
    const disk = diskLane(id);
    if (ids.has(disk)) servers.push({ id: disk, title: disk, kind: 'disk' });
  }
  for (const id of ids) {
    const machine = id.slice('disk of '.length);
    const isLoose = id.startsWith('disk of ') && !ids.has(machine);
    if (isLoose) servers.push({ id, title: id, kind: 'disk' });
  }
  const faults: Lane[] = ids.has(faultsLane) ? [{ id: faultsLane, title: 'faults', kind: 'faults' }] : [];
  return [...agents, ...servers, ...faults];
}

/** `agent-2` before `agent-10`. */
function byName(one: string, other: string): number {
  const [left, right] = [one, other].map((name) =>
    name.replaceAll(/\d+/g, (digits) => digits.padStart(6, '0')),
  );
  return left! < right! ? -1 : 1;
}
