import { describe, expect, it } from 'vitest';
import { Choices, type Tape } from '../choices/index.ts';
import { SimSites, type SiteRates } from './sim-sites.ts';

const quarter: SiteRates = { activeOutOf: 4, firesOutOf: 4 };
const silent = { reached: () => undefined, measure: () => undefined, log: () => undefined };

function sitesOf(choices: Choices, rates = quarter, machine = 'node'): SimSites {
  return new SimSites({ machine, choices, telemetry: silent, rates });
}

const seeded = (seed: number): Choices => new Choices({ kind: 'seed', seed: String(seed), record: false });
const times = (sites: SimSites, count: number, site = 'a'): number =>
  Array.from({ length: count }, () => sites.fires(site)).filter(Boolean).length;

describe('sites in a simulation', () => {
  it('are active in a quarter of all runs, and fire a quarter of the times there', () => {
    const fired = Array.from({ length: 800 }, (_, seed) => times(sitesOf(seeded(seed)), 100));
    const active = fired.filter((count) => count > 0);
    expect(active.length / fired.length).toBeGreaterThan(0.2);
    expect(active.length / fired.length).toBeLessThan(0.3);
    const mean = active.reduce((sum, count) => sum + count, 0) / active.length;
    expect(mean).toBeGreaterThan(22);
    expect(mean).toBeLessThan(28);
  });

  it('are drawn apart: to ask one more shifts no other', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const one = sitesOf(seeded(seed));
      const other = sitesOf(seeded(seed));
      times(other, 7, 'b');
      const asked = (sites: SimSites): boolean[] => Array.from({ length: 30 }, () => sites.fires('a'));
      expect(asked(one)).toEqual(asked(other));
    }
  });

  it('never fire where every choice is the calmest, and always at a rate of one', () => {
    const tape: Tape = { knobs: {}, workload: {}, fault: {}, schedule: {} };
    const calmest = new Choices({ kind: 'steps', seed: '1', tape });
    expect(times(sitesOf(calmest), 100)).toBe(0);
    expect(times(sitesOf(calmest, { activeOutOf: 1, firesOutOf: 1 }), 100)).toBe(100);
  });

  it('can be switched off one firing at a time, and tell of each', () => {
    const told: string[] = [];
    const telemetry = { ...silent, reached: (marker: string) => void told.push(marker) };
    const fault = { 'node:site:a': [4, 3, 4, 3, 4, 0, 4, 3] };
    const choices = new Choices({
      kind: 'steps',
      seed: '1',
      tape: { knobs: {}, workload: {}, fault, schedule: {} },
    });
    const sites = new SimSites({ machine: 'node', choices, telemetry, rates: quarter });
    expect([1, 2, 3, 4].map(() => sites.fires('a'))).toEqual([true, false, true, false]);
    expect(told).toEqual(['site.a', 'site.a']);
  });
});
