import { describe, expect, it } from 'vitest';
import { exitCodeOf, runCampaign } from '../campaign.ts';
import { play } from '../play.ts';
import { lostUpdate } from '../play.test-support.ts';
import type { RunRecord } from '../run-record.ts';

async function campaign(runs: number, bail = Infinity) {
  const records: RunRecord[] = [];
  const summary = await runCampaign(lostUpdate, {
    plan: { seed: '3', pairs: [{ arena: 'toy', scenario: 'calm' }], strategy: 'exhaustive' },
    runs,
    stop: () => false,
    shard: { index: 0, count: 1 },
    jobs: 1,
    bail,
    mutant: undefined,
    onRun: (record) => void records.push(record),
  });
  return { records, summary };
}

describe('an exhaustive campaign', () => {
  it('plays every schedule of at most two delays, says so, and finds the lost update', async () => {
    const { records, summary } = await campaign(Infinity);
    expect(new Set(records.map(({ strategy }) => strategy)).size).toBe(records.length);
    expect(summary.provedUpTo).toEqual([
      `toy · calm · seed 3: every schedule of at most 2 delays (${records.length} played)`,
    ]);
    expect(summary.violated).toBeGreaterThan(0);
    expect(exitCodeOf(summary)).toBe(1);
  });

  it('says how far it came when the runs do not suffice', async () => {
    const all = (await campaign(Infinity)).records;
    const withOne = all.filter(({ strategy }) => /^(in-order|delay@\d+)$/.test(strategy)).length;
    expect((await campaign(withOne)).summary.provedUpTo?.[0]).toContain('at most 1 delay ');
    expect((await campaign(withOne - 1)).summary.provedUpTo?.[0]).toContain('at most 0 delays');
  });

  it('has every run again from its seed and the name of its strategy', async () => {
    for (const record of (await campaign(20)).records) {
      expect((await play(lostUpdate, record)).record.digest).toBe(record.digest);
    }
  });

  it('stops after as many failures as were asked for', async () => {
    const { summary, records } = await campaign(Infinity, 1);
    expect(summary.violated).toBe(1);
    expect(records.at(-1)?.verdict).toBe('violated');
  });
});
