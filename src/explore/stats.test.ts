import { describe, expect, it } from 'vitest';
import { type ArenaContext, defineArena, type Scenario } from '../arena/index.ts';
import { Measure } from '../sim/index.ts';
import { play } from './play.ts';
import type { RunRecord } from './run-record.ts';
import { statsOf } from './stats.ts';
import { StatsTally } from './stats-tally.ts';

const cost = { seconds: 0.5, heapBytesPeak: 3, rssBytesPeak: 4 };

describe('the measurements of a run', () => {
  it('are rates by virtual and by real time, quantiles by operation and over all, and peaks', () => {
    const submits = Array.from({ length: 1000 }, (_, nth) => (nth + 1) * 1000);
    const stats = statsOf(
      new Map([
        ['vote', measureOf([2000, 2000])],
        ['submit', measureOf(submits)],
      ]),
      {
        virtualMicros: 2e6,
        measures: {
          'query.candidates': measureOf([1, 2, 250]),
          'query.view-staleness-ms': measureOf([0.5]),
          'ingest.lag-bytes': measureOf([100, 200]),
        },
        diskBytesPeak: 7,
      },
      cost,
    );
    expect(stats).toMatchObject({
      assertions: 1000,
      votes: 2,
      assertionsPerSecond: 500,
      votesPerSecond: 1,
      assertionsPerRealSecond: 2000,
      votesPerRealSecond: 4,
      queryCandidates: { count: 3, p50: 2, p99: 250, max: 250 },
      viewStalenessMs: { count: 1, p50: 0.5, max: 0.5 },
      ingestLagBytes: { count: 2, p50: 100, p99: 200, max: 200 },
      peakBytes: { disk: 7, heap: 3, rss: 4 },
    });
    expect(Object.keys(stats.latencyMs)).toEqual(['submit', 'vote']);
    expect(stats.latencyMs['vote']).toEqual({ count: 2, p50: 2, p99: 2, p999: 2, max: 2 });
    const { p50, p99, p999, max } = stats.latencyMs['submit']!;
    expect([p50 / 500, p99 / 990, p999 / 999].every((share) => share > 0.99 && share <= 1)).toBe(true);
    expect(max).toBe(1000);
    expect(stats.p999).toBe(p999);
  });

  it('are zeros, and no division by zero, where nothing happened', () => {
    const outcome = { virtualMicros: 0, measures: {}, diskBytesPeak: 0 };
    const stats = statsOf(new Map(), outcome, { ...cost, seconds: 0 });
    expect(stats).toMatchObject({
      assertionsPerSecond: 0,
      assertionsPerRealSecond: 0,
      p50: 0,
      latencyMs: {},
    });
    expect(stats.queryCandidates).toEqual({ count: 0, p50: 0, p99: 0, p999: 0, max: 0 });
  });

  it('come from the users and the processes of the run, the same in every play of it', async () => {
    const [one, again] = [(await played(5)).record, (await played(5)).record];
    expect(one.verdict).toBe('held');
    expect(one.stats).toMatchObject({
      assertions: 5,
      votes: 5,
      queryCandidates: { count: 5, max: 4 },
      peakBytes: { disk: 5 * 8000 },
    });
    expect(one.stats.latencyMs['submit']?.p50).toBeGreaterThan(0);
    expect(again.digest).toBe(one.digest);
    expect(virtual(again.stats)).toEqual(virtual(one.stats));
    expect(one.stats.peakBytes.heap).toBeGreaterThan(1e6);
    expect(one.stats.peakBytes.rss).toBeGreaterThan(one.stats.peakBytes.heap);
  });
});

describe('the measurements of a campaign', () => {
  it('are rates over all runs together, and the worst that any run had', async () => {
    const records = [(await played(9)).record, (await played(3)).record];
    const tally = new StatsTally();
    for (const record of records) tally.add(record);
    const { assertionsPerSecond, assertionsPerRealSecond, worst } = tally.stats();
    const sum = (value: (record: RunRecord) => number): number => records.map(value).reduce((a, b) => a + b);
    expect(assertionsPerSecond).toBe(Math.round(12_000 / sum(({ virtualMs }) => virtualMs)));
    expect(assertionsPerRealSecond).toBe(Math.round(12_000 / sum(({ wallMs }) => wallMs)));
    expect(worst).toMatchObject({ queryCandidates: 8, diskBytes: 9 * 8000 });
    expect(worst.p999).toBe(Math.max(...records.map(({ stats }) => stats.p999)));
    expect(worst.rssBytes).toBe(Math.max(...records.map(({ stats }) => stats.peakBytes.rss)));
  });

  it('are zeros without runs', () => {
    expect(new StatsTally().stats()).toMatchObject({
      assertionsPerSecond: 0,
      worst: { p50: 0, rssBytes: 0 },
    });
  });
});

const scenario: Scenario = {
  name: 'test',
  summary: '',
  profiles: ['strict'],
  latency: { slow: 1, outOf: 2, microsMax: 2000 },
  crashes: { powerLossesMax: 0, killsMax: 0, distanceStepsMax: 1, distanceWritesMax: 1, imagesMax: 0 },
};

/** A run in which a process writes so many blocks of 8,000 bytes, measures, and loses them all to a kill. */
function played(blocks: number): ReturnType<typeof play> {
  const arena = defineArena({
    name: 'arena-test',
    summary: '',
    scenarios: ['test'],
    properties: [{ id: 'held', kind: 'safety', claim: '' }],
    markers: [],
    play: async (context) => write(context, blocks),
  });
  const catalogue = { arenas: new Map([[arena.name, arena]]), scenarios: new Map([['test', scenario]]) };
  return play(catalogue, { arena: arena.name, scenario: 'test', strategy: 'random', seed: '1', run: 0 });
}

async function write(context: ArenaContext, blocks: number): Promise<void> {
  const process = context.machine('node-1').boot();
  const { fs, telemetry } = process.ports;
  await process.call('write', async () => {
    const file = await fs.open('/file', 'w');
    for (let block = 0; block < blocks; block++) {
      const begun = context.nowMicros;
      await file.write(new Uint8Array(8000), 0, 8000, block * 8000);
      context.latency('submit', context.nowMicros - begun);
      context.latency('vote', 1);
      telemetry.measure('query.candidates', block);
    }
    await file.close();
  });
  process.kill();
}

function virtual({
  assertionsPerRealSecond,
  votesPerRealSecond,
  peakBytes,
  ...rest
}: RunRecord['stats']): object {
  expect([assertionsPerRealSecond, votesPerRealSecond].every((rate) => rate > 0)).toBe(true);
  return { ...rest, disk: peakBytes.disk };
}

function measureOf(samples: readonly number[]): Measure {
  const measure = new Measure();
  for (const sample of samples) measure.add(sample);
  return measure;
}
