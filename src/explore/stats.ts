import { Measure, type WorldOutcome } from '../sim/index.ts';
import type { Distribution, RunStats } from './run-record.ts';

/** What playing a run took of the real machine. */
export interface RealCost {
  readonly seconds: number;
  readonly heapBytesPeak: number;
  readonly rssBytesPeak: number;
}

/** The measurements of a run, from the latencies that its users saw and what its processes measured. */
export function statsOf(
  latenciesMicros: ReadonlyMap<string, Measure>,
  outcome: Pick<WorldOutcome, 'virtualMicros' | 'measures' | 'diskBytesPeak'>,
  cost: RealCost,
): RunStats {
  const seconds = outcome.virtualMicros / 1e6;
  const assertions = latenciesMicros.get('submit')?.count ?? 0;
  const votes = latenciesMicros.get('vote')?.count ?? 0;
  const overall = new Measure();
  for (const measure of latenciesMicros.values()) overall.addAll(measure);
  const { p50, p99, p999 } = distributionOf(overall, 1000);
  const operations = [...latenciesMicros].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const { measures } = outcome;
  return {
    assertions,
    votes,
    assertionsPerSecond: rate(assertions, seconds),
    votesPerSecond: rate(votes, seconds),
    assertionsPerRealSecond: rate(assertions, cost.seconds),
    votesPerRealSecond: rate(votes, cost.seconds),
    p50,
    p99,
    p999,
    latencyMs: Object.fromEntries(operations.map(([name, measure]) => [name, distributionOf(measure, 1000)])),
    ingestLagBytes: distributionOf(measures['ingest.lag-bytes']),
    viewStalenessMs: distributionOf(measures['query.view-staleness-ms']),
    queryCandidates: distributionOf(measures['query.candidates']),
    peakBytes: { disk: outcome.diskBytesPeak, heap: cost.heapBytesPeak, rss: cost.rssBytesPeak },
  };
}

/** How many a second, rounded; 0 when no time has passed. */
export function rate(count: number, seconds: number): number {
  return seconds === 0 ? 0 : Math.round(count / seconds);
}

/** In units of `unit` samples. */
function distributionOf(measure = new Measure(), unit = 1): Distribution {
  const rounded = (value: number): number => Math.round((value / unit) * 1000) / 1000;
  return {
    count: measure.count,
    p50: rounded(measure.quantile(0.5)),
    p99: rounded(measure.quantile(0.99)),
    p999: rounded(measure.quantile(0.999)),
    max: rounded(measure.max),
  };
}
