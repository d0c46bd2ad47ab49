import type { HistoryEvent, RunTrace } from '../explore/index.ts';

/** An event of the Trace Event Format, which Perfetto and chrome://tracing read. Times are microseconds. */
export interface TraceEvent {
  readonly ph: 'M' | 'X' | 's' | 'f' | 'C' | 'i';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  /** `e`: the arrow ends in the slice that is there, not in the next one. */
  readonly bp?: 'e';
  /** Reach of an instant: thread, process, global. */
  readonly s?: 't' | 'p' | 'g';
  readonly args?: Readonly<Record<string, string | number>>;
}

const eventsMax = 200_000;
const usersPid = 1;

/**
 * A traced run for Perfetto: processes are machines and, first, their users; threads are tasks; slices are
 * operations, from being asked for to being delivered; arrows are messages; counters are unsynced bytes and
 * operations that wait; instants are faults.
 */
export function perfetto(history: readonly HistoryEvent[], trace: RunTrace, about: string): string {
  const writer = new TraceWriter(about);
  writer.operations(history);
  writer.steps(trace);
  writer.counters(trace);
  writer.faults(history);
  return writer.text();
}

interface Slice {
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
}

class TraceWriter {
  readonly #about: string;
  readonly #names: TraceEvent[] = [];
  readonly #events: TraceEvent[] = [];
  readonly #pids = new Map<string, number>([['users', usersPid]]);
  readonly #tids = new Map<string, number>();
  readonly #ends = new Map<number, number>();

  constructor(about: string) {
    this.#about = about;
    this.#name('process_name', usersPid, 0, 'users');
  }

  /** What users asked for, until they had their answer: one thread for each of them. */
  operations(history: readonly HistoryEvent[]): void {
    const open = new Map<string, HistoryEvent>();
    for (const event of history) {
      if (event.kind === 'invoke') open.set(event.actor, event);
      const invoked = open.get(event.actor);
      if (event.kind === 'invoke' || event.kind === 'fault' || invoked === undefined) continue;
      open.delete(event.actor);
      const tid = this.#thread(usersPid, `${event.actor}: operations`);
      const args = { outcome: event.kind, answer: event.text, step: invoked.step };
      this.#slice(usersPid, tid, invoked.text, 'operation', invoked.timeMicros, event.timeMicros, args);
    }
  }

  /** Each step is a slice of its task; those of one task never overlap. */
  steps(trace: RunTrace): void {
    const waits = new Map((trace.waits ?? []).map((wait) => [wait.step, wait]));
    const slices = new Map<number, Slice>();
    for (const { step, timeMicros, task, operation, resource } of trace.steps) {
      if (operation === 'fault') continue;
      const wait = waits.get(step);
      const pid = this.#process(wait?.owner.split('/')[0] ?? 'main');
      const isMessage = resource.includes('>');
      const from = isMessage ? timeMicros - 1 : (wait?.askedMicros ?? timeMicros - 1);
      const name = resource === '' ? operation : `${operation} ${resource}`;
      const slice = this.#slice(pid, this.#thread(pid, task), name, 'step', from, timeMicros, { step });
      slices.set(step, slice);
      const sender = isMessage && wait !== undefined ? slices.get(wait.askedStep) : undefined;
      if (sender !== undefined) this.#flow(step, name, sender, slice);
    }
  }

  counters(trace: RunTrace): void {
    for (const { machine, timeMicros, unsyncedBytes } of trace.disks ?? []) {
      this.#counter(this.#process(machine), 'unsynced bytes', timeMicros, unsyncedBytes);
    }
    const times = new Map(trace.steps.map(({ step, timeMicros }) => [step, timeMicros]));
    for (const { step, others } of trace.waits ?? []) {
      this.#counter(usersPid, 'queue depth', times.get(step) ?? 0, others);
    }
  }

  faults(history: readonly HistoryEvent[]): void {
    for (const { kind, actor, text, timeMicros, step } of history) {
      if (kind !== 'fault') continue;
      const pid = this.#pids.get(actor) ?? usersPid;
      const name = `${actor} ${text}`;
      this.#events.push({ ph: 'i', name, cat: 'fault', pid, tid: 0, ts: timeMicros, s: 'p', args: { step } });
    }
  }

  text(): string {
    const sorted = this.#events.toSorted((one, other) => one.ts - other.ts);
    const kept = sorted.slice(-eventsMax);
    const cut = sorted.length - kept.length;
    const notice: TraceEvent[] =
      cut === 0
        ? []
        : [
            {
              ph: 'i',
              name: `${cut} events before this were cut`,
              pid: usersPid,
              tid: 0,
              ts: kept[0]?.ts ?? 0,
              s: 'g',
            },
          ];
    const lines = [...this.#names, ...notice, ...withoutLooseEnds(kept)].map((event) =>
      JSON.stringify(event),
    );
    const other = JSON.stringify({ about: this.#about, cut });
    return `{"displayTimeUnit":"ms","otherData":${other},"traceEvents":[\n${lines.join(',\n')}\n]}\n`;
  }

  #process(owner: string): number {
    const name = owner === 'main' ? 'users' : owner;
    let pid = this.#pids.get(name);
    if (pid === undefined) {
      pid = this.#pids.size + 1;
      this.#pids.set(name, pid);
      this.#name('process_name', pid, 0, name);
    }
    return pid;
  }

  #thread(pid: number, task: string): number {
    const key = `${pid} ${task}`;
    let tid = this.#tids.get(key);
    if (tid === undefined) {
      tid = this.#tids.size + 1;
      this.#tids.set(key, tid);
      this.#name('thread_name', pid, tid, task);
    }
    return tid;
  }

  #name(what: 'process_name' | 'thread_name', pid: number, tid: number, name: string): void {
    this.#names.push({ ph: 'M', name: what, pid, tid, ts: 0, args: { name } });
  }

  /** Begins after what its thread did before, and takes a microsecond at least. */
  #slice(
    pid: number,
    tid: number,
    name: string,
    cat: string,
    from: number,
    to: number,
    args: TraceEvent['args'] & object,
  ): Slice {
    const ts = Math.max(from, this.#ends.get(tid) ?? 0);
    const dur = Math.max(1, to - ts);
    this.#ends.set(tid, ts + dur);
    this.#events.push({ ph: 'X', name, cat, pid, tid, ts, dur, args });
    return { pid, tid, ts, dur };
  }

  #flow(id: number, name: string, sender: Slice, receiver: Slice): void {
    const shared = { name, cat: 'message', id };
    const sent = sender.ts + sender.dur - 1;
    this.#events.push(
      { ph: 's', ...shared, pid: sender.pid, tid: sender.tid, ts: sent },
      { ph: 'f', ...shared, bp: 'e', pid: receiver.pid, tid: receiver.tid, ts: receiver.ts },
    );
  }

  #counter(pid: number, name: string, ts: number, value: number): void {
    this.#events.push({ ph: 'C', name, pid, tid: 0, ts, args: { value } });
  }
}

/** An arrow whose beginning was cut ends nowhere. */
function withoutLooseEnds(events: readonly TraceEvent[]): TraceEvent[] {
  const begun = new Set(events.filter(({ ph }) => ph === 's').map(({ id }) => id));
  return events.filter(({ ph, id }) => ph !== 'f' || begun.has(id));
}
