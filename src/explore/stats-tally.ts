import type { CampaignStats, RunRecord, RunStats, WorstOfRuns } from './run-record.ts';
import { rate } from './stats.ts';

/** Sums up the measurements of many runs without keeping them. */
export class StatsTally {
  #assertions = 0;
  #votes = 0;
  #virtualMs = 0;
  #wallMs = 0;
  #worst = none;

  add({ stats, virtualMs, wallMs }: RunRecord): void {
    this.#assertions += stats.assertions;
    this.#votes += stats.votes;
    this.#virtualMs += virtualMs;
    this.#wallMs += wallMs;
    this.#worst = worse(this.#worst, of(stats));
  }

  stats(): CampaignStats {
    const virtualSeconds = this.#virtualMs / 1000;
    const realSeconds = this.#wallMs / 1000;
    return {
      assertionsPerSecond: rate(this.#assertions, virtualSeconds),
      votesPerSecond: rate(this.#votes, virtualSeconds),
      assertionsPerRealSecond: rate(this.#assertions, realSeconds),
      votesPerRealSecond: rate(this.#votes, realSeconds),
      worst: this.#worst,
    };
  }
}

const none: WorstOfRuns = {
  p50: 0,
  p99: 0,
  p999: 0,
  ingestLagBytes: 0,
  viewStalenessMs: 0,
  queryCandidates: 0,
  diskBytes: 0,
  heapBytes: 0,
  rssBytes: 0,
};

function of(stats: RunStats): WorstOfRuns {
  const { p50, p99, p999, ingestLagBytes, viewStalenessMs, queryCandidates, peakBytes } = stats;
  return {
    p50,
    p99,
    p999,
    ingestLagBytes: ingestLagBytes.max,
    viewStalenessMs: viewStalenessMs.max,
    queryCandidates: queryCandidates.max,
    diskBytes: peakBytes.disk,
    heapBytes: peakBytes.heap,
    rssBytes: peakBytes.rss,
  };
}

function worse(one: WorstOfRuns, other: WorstOfRuns): WorstOfRuns {
  const names = Object.keys(none) as (keyof WorstOfRuns)[];
  return Object.fromEntries(
    names.map((name) => [name, Math.max(one[name], other[name])]),
  ) as unknown as WorstOfRuns;
}
