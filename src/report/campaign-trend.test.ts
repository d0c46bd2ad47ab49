import { describe, expect, it } from 'vitest';
import { CampaignTrend, joined } from './campaign-trend.ts';

const nothing = { failures: 0, newFailures: 0, newMarkers: 0 };

describe('CampaignTrend', () => {
  it.each([100, 5_000, 86_400_000])('keeps every run in 30 to 60 spans, after %d ms', (totalMs) => {
    const trend = new CampaignTrend();
    for (let run = 0; run < 1000; run++) trend.add((totalMs * run) / 999, { ...nothing, failures: 1 });
    const { buckets, spanMs } = trend;
    expect(buckets.length).toBeGreaterThanOrEqual(30);
    expect(buckets.length).toBeLessThanOrEqual(60);
    expect(buckets.length * spanMs).toBeGreaterThan(totalMs);
    expect(buckets.reduce((sum, { runs }) => sum + runs, 0)).toBe(1000);
    expect(buckets.reduce((sum, { failures }) => sum + failures, 0)).toBe(1000);
  });

  it('never goes back in time', () => {
    const trend = new CampaignTrend();
    trend.add(10, nothing);
    trend.add(3, { ...nothing, newMarkers: 2 });
    expect(trend.buckets.at(-1)).toEqual({ ...nothing, runs: 2, newMarkers: 2 });
  });

  it('joins neighbours, the last of them as many as there are', () => {
    const one = { ...nothing, runs: 1 };
    expect(joined([one, one, one], 2).map(({ runs }) => runs)).toEqual([2, 1]);
  });
});
