import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue, play } from '../explore/index.ts';
import { perfetto, type TraceEvent } from './perfetto.ts';
import { sampleFile, sampleTrace } from './sample.test-support.ts';

interface TraceFile {
  readonly traceEvents: readonly TraceEvent[];
  readonly otherData: { readonly cut: number };
}

/** The rules of the Trace Event Format that Perfetto's importer holds events to. */
describe('a Perfetto trace of a run over the network', () => {
  let events: readonly TraceEvent[];
  let slices: readonly TraceEvent[];

  beforeAll(async () => {
    const plan = { arena: 'arena-2-voting', scenario: 'network', strategy: 'random', seed: '7', run: 0 };
    const { history, trace } = await play(await loadCatalogue(), plan, { trace: true });
    const file = JSON.parse(perfetto(history, trace!, 'sample')) as TraceFile;
    events = file.traceEvents;
    slices = events.filter(({ ph }) => ph === 'X');
  });

  it('has every kind of event that it promises', () => {
    expect(new Set(events.map(({ ph }) => ph))).toEqual(new Set(['M', 'X', 's', 'f', 'C', 'i']));
    const counters = new Set(events.filter(({ ph }) => ph === 'C').map(({ name }) => name));
    expect(counters).toEqual(new Set(['unsynced bytes', 'queue depth']));
  });

  it('has whole, non-negative times that never go back', () => {
    const timed = events.filter(({ ph }) => ph !== 'M');
    expect(timed.every(({ ts }) => Number.isSafeInteger(ts) && ts >= 0)).toBe(true);
    expect(timed.every(({ ts }, index) => index === 0 || timed[index - 1]!.ts <= ts)).toBe(true);
  });

  it('has slices that take time and do not overlap on one thread', () => {
    const ends = new Map<string, number>();
    for (const { pid, tid, ts, dur = 0 } of slices) {
      const track = `${pid} ${tid}`;
      expect(dur).toBeGreaterThan(0);
      expect(ts).toBeGreaterThanOrEqual(ends.get(track) ?? 0);
      ends.set(track, ts + dur);
    }
  });

  it('has arrows whose two ends lie within slices', () => {
    const tracks = groupByTrack(slices);
    const within = ({ pid, tid, ts }: TraceEvent): boolean =>
      (tracks.get(`${pid} ${tid}`) ?? []).some((slice) => slice.ts <= ts && ts < slice.ts + (slice.dur ?? 0));
    const begun = new Map(events.filter(({ ph }) => ph === 's').map((event) => [event.id, event]));
    const ended = events.filter(({ ph }) => ph === 'f');
    expect(begun.size).toBe(ended.length);
    for (const end of ended) {
      const begin = begun.get(end.id);
      expect(begin).toMatchObject({ name: end.name, cat: end.cat });
      expect(begin!.ts).toBeLessThanOrEqual(end.ts);
      expect([within(begin!), within(end)]).toEqual([true, true]);
    }
  });

  it('names every process and thread once', () => {
    const named = events.filter(({ ph }) => ph === 'M').map(({ name, pid, tid }) => `${name} ${pid} ${tid}`);
    expect(new Set(named).size).toBe(named.length);
    for (const { pid, tid } of slices) {
      expect(named).toContain(`process_name ${pid} 0`);
      expect(named).toContain(`thread_name ${pid} ${tid}`);
    }
  });
});

describe('perfetto', () => {
  it('says what it cut, and cuts arrows with their beginnings', () => {
    const steps = Array.from({ length: 210_000 }, (_, index) => ({
      ...sampleTrace.steps[0]!,
      step: index + 1,
      timeMicros: index + 1,
    }));
    const { traceEvents, otherData } = JSON.parse(perfetto([], { steps, notes: [] }, 'long')) as TraceFile;
    expect(otherData.cut).toBe(10_000);
    expect(traceEvents.some(({ name }) => name === '10000 events before this were cut')).toBe(true);
  });

  it('is the same for the same run', () => {
    const text = perfetto(sampleFile.history, sampleTrace, 'sample');
    expect(perfetto(sampleFile.history, sampleTrace, 'sample')).toBe(text);
  });
});

function groupByTrack(slices: readonly TraceEvent[]): Map<string, TraceEvent[]> {
  const tracks = new Map<string, TraceEvent[]>();
  for (const slice of slices) {
    const key = `${slice.pid} ${slice.tid}`;
    tracks.set(key, [...(tracks.get(key) ?? []), slice]);
  }
  return tracks;
}
