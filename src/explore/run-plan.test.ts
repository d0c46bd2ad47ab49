import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CampaignPlan, deriveSeed, planRun, strategyNames, workloadSeedOf } from './run-plan.ts';

const plan: CampaignPlan = {
  seed: '42',
  pairs: [
    { arena: 'a', scenario: 'calm' },
    { arena: 'a', scenario: 'wild' },
    { arena: 'b', scenario: 'calm' },
  ],
};

describe('planRun', () => {
  it('gives run 0 the seed itself, so that any run can be had again by its own seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(10_000), (seed, run) => {
        const later = planRun({ ...plan, seed: String(seed) }, run);
        const alone = planRun(
          { seed: later.seed, pairs: [{ arena: later.arena, scenario: later.scenario }] },
          0,
        );
        expect({ ...alone, run }).toEqual(later);
      }),
    );
  });

  it('takes arenas and scenarios in turn', () => {
    const pairs = [0, 1, 2, 3]
      .map((run) => planRun(plan, run))
      .map(({ arena, scenario }) => `${arena} ${scenario}`);
    expect(pairs).toEqual(['a calm', 'a wild', 'b calm', 'a calm']);
  });

  it('tries 4 schedules of each workload, 8 workloads of an arena and scenario at a time', () => {
    const one: CampaignPlan = { seed: '42', pairs: [{ arena: 'a', scenario: 'calm' }] };
    const seeds = Array.from({ length: 256 }, (_, run) => planRun(one, run).seed);
    const workloads = seeds.map(workloadSeedOf);
    expect(new Set(seeds).size).toBe(256);
    expect(new Set(workloads).size).toBe(64);
    expect(new Set(workloads.slice(0, 8)).size).toBe(8);
    expect(workloads.slice(8, 16)).toEqual(workloads.slice(0, 8));
    expect(new Set(workloads.slice(0, 32)).size).toBe(8);
    expect(seeds.filter((_, run) => run % 8 === 0).slice(0, 4)).toEqual([
      '42',
      ...Array.from({ length: 3 }, (_, schedule) => `42.${schedule + 1}`),
    ]);
  });

  it('never has schedules of one workload in two arenas or scenarios', () => {
    const homes = new Map<string, string>();
    for (let run = 0; run < 1000; run++) {
      const { arena, scenario, seed } = planRun(plan, run);
      const home = `${arena} ${scenario}`;
      expect(homes.get(workloadSeedOf(seed)) ?? home).toBe(home);
      homes.set(workloadSeedOf(seed), home);
    }
  });

  it('derives seeds that differ, and stay what they are from release to release', () => {
    const seeds = Array.from({ length: 2000 }, (_, run) => deriveSeed('42', run));
    expect(new Set(seeds).size).toBe(2000);
    expect(seeds.slice(0, 3)).toMatchInlineSnapshot(`
      [
        "42",
        "104101331956140",
        "89798732292037",
      ]
    `);
  });

  it('draws every strategy sooner or later, and none when one was asked for', () => {
    const drawn = new Set(Array.from({ length: 500 }, (_, run) => planRun(plan, run).strategy));
    expect([...drawn].toSorted()).toEqual(strategyNames.toSorted());
    expect(planRun({ ...plan, strategy: 'sticky' }, 3).strategy).toBe('sticky');
  });
});
