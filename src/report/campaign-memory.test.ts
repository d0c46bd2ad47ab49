import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { runCampaign, type RunRecord } from '../explore/index.ts';
import { lostUpdate } from '../explore/play.test-support.ts';
import { CampaignTally } from './campaign-tally.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A weak reference holds on to what it refers to until the job is over. */
const nextJob = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('keeps no record of a run, held or failed, neither in the campaign nor in what is told of it', async () => {
  const runs = 200;
  const pairs = [{ arena: 'toy', scenario: 'calm' }];
  const tally = new CampaignTally(lostUpdate.arenas.values(), pairs);
  const records: WeakRef<RunRecord>[] = [];
  let left: number | undefined;
  const summary = await runCampaign(lostUpdate, {
    plan: { seed: '1', pairs },
    runs,
    jobs: 1,
    bail: Infinity,
    shard: { index: 0, count: 1 },
    mutant: undefined,
    stop: () => false,
    onRun: async (record) => {
      tally.add(record, records.length);
      records.push(new WeakRef(record));
      if (records.length < runs) return;
      await nextJob();
      collectGarbage();
      left = records.filter((one) => one.deref() !== undefined).length;
    },
  });
  expect(summary).toMatchObject({ runs, violated: expect.any(Number) });
  expect(summary.violated).toBeGreaterThan(0);
  expect(tally.signatures()[0]?.runs).toBe(summary.violated);
  // The last one is in use.
  expect(left).toBeLessThanOrEqual(1);
});
