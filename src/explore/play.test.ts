import { describe, expect, it } from 'vitest';
import { play } from './play.ts';
import { lostUpdate, toyArena } from './play.test-support.ts';
import { type CampaignPlan, planRun, strategyNames } from './run-plan.ts';

const campaign: CampaignPlan = { seed: '7', pairs: [{ arena: 'toy', scenario: 'calm' }] };

describe('play', () => {
  it('plays schedules of one workload: the same choices of the users, in different orders', async () => {
    const played = [];
    for (let schedule = 0; schedule < 16; schedule++) {
      const seed = schedule === 0 ? campaign.seed : `${campaign.seed}.${schedule}`;
      played.push(await play(lostUpdate, planRun({ ...campaign, seed }, 0), { record: true }));
    }
    const workloads = new Set(played.map(({ tape }) => JSON.stringify(tape?.workload)));
    expect(workloads.size).toBe(1);
    expect(new Set(played.map(({ record }) => record.digest)).size).toBeGreaterThan(3);
    expect(played.map(({ record }) => record.verdict)).toContain('violated');
    expect(played.map(({ record }) => record.verdict)).toContain('held');
  });

  it('plays any run of a campaign again from its seed alone, with nothing measured before', async () => {
    for (let run = 0; run < 150; run += 7) {
      const { seed, strategy, arena, scenario } = planRun(campaign, run);
      const inCampaign = await play(lostUpdate, planRun(campaign, run));
      const fresh = toyArena((context) => lostUpdate.arena.play(context));
      const alone = await play(fresh, planRun({ seed, pairs: [{ arena, scenario }] }, 0));
      expect(alone.record.strategy).toBe(strategy);
      expect(alone.record.digest).toBe(inCampaign.record.digest);
    }
  });

  it.each(strategyNames)('replays what it recorded under %s without measuring again', async (strategy) => {
    let plays = 0;
    const counted = toyArena((context) => {
      plays++;
      return lostUpdate.arena.play(context);
    });
    const plan = planRun({ ...campaign, strategy }, 3);
    const { record, tape, profile } = await play(counted, plan, { record: true });
    const before = plays;
    const replayed = await play(counted, plan, { replay: { mode: 'strict', tape: tape! } });
    expect(replayed.record.digest).toBe(record.digest);
    expect(plays).toBe(before + 1);
    expect(before).toBe(profile === undefined ? 1 : 2);
  });

  it('draws again by the profile that it is given, whatever a measurement would say now', async () => {
    const plan = planRun({ ...campaign, strategy: 'pct-3' }, 3);
    const { profile, record } = await play(lostUpdate, plan);
    expect(profile?.steps).toBeGreaterThan(5);
    const again = await play(lostUpdate, plan, { profile });
    expect(again.record.digest).toBe(record.digest);
    expect(again.profile).toBe(profile);
  });
});
