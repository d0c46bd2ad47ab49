import { describe, expect, it } from 'vitest';
import type { CampaignSummary } from '../explore/index.ts';
import { summaryBlock } from './terminal.ts';

const summary: CampaignSummary = {
  type: 'summary',
  runs: 3,
  held: 3,
  violated: 0,
  errors: 0,
  signatures: [],
  markersNeverReached: [],
  stepsPerSecond: 1000,
  stats: {
    assertionsPerSecond: 1234,
    votesPerSecond: 56,
    assertionsPerRealSecond: 7890,
    votesPerRealSecond: 12,
    worst: {
      p50: 0.5,
      p99: 9.25,
      p999: 300,
      ingestLagBytes: 4096,
      viewStalenessMs: 20,
      queryCandidates: 1500,
      diskBytes: 2_000_000,
      heapBytes: 80_000_000,
      rssBytes: 1_500_000_000,
    },
  },
};

describe('summaryBlock', () => {
  it('has one line of measurements', () => {
    expect(lines(summary)[1]).toBe(
      ' 1,234 assertions/s (real 7,890/s); 56 votes/s (real 12/s); at worst p50 0.50 ms, p99 9.3 ms, p99.9 300 ms, ' +
        'ingest lag 4.1 kB, views 20 ms old, 1,500 candidates, disk 2.0 MB, heap 80.0 MB, memory 1.5 GB',
    );
  });

  it('leaves out what was not measured', () => {
    const worst = { ...summary.stats.worst, p50: 0, p99: 0, p999: 0, ingestLagBytes: 0, viewStalenessMs: 0 };
    const stats = { ...summary.stats, assertionsPerSecond: 0, votesPerSecond: 0, worst };
    expect(lines({ ...summary, stats })[1]).toBe(
      ' at worst 1,500 candidates, disk 2.0 MB, heap 80.0 MB, memory 1.5 GB',
    );
    expect(lines({ ...summary, runs: 0, held: 0 })).toHaveLength(1);
  });
});

function lines(of: CampaignSummary): string[] {
  return summaryBlock(of, 3, (_, text) => text).split('\n');
}
