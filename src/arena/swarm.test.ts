import { describe, expect, it } from 'vitest';
import { Choices, type Tape } from '../sim/index.ts';
import type { Scenario } from './scenario.ts';
import { swarmFaults, swarmKinds } from './swarm.ts';

const scenario: Scenario = {
  name: 'wild',
  summary: '',
  profiles: ['strict'],
  latency: { slow: 0, outOf: 1, microsMax: 0 },
  crashes: { powerLossesMax: 4, killsMax: 3, distanceStepsMax: 8, distanceWritesMax: 8, imagesMax: 2 },
  clock: { stepsMax: 3, msMax: 10, distanceStepsMax: 8 },
  network: { reset: { outOf: 20, max: 5 }, duplicate: { outOf: 10, max: 5 } },
  disk: { readError: { outOf: 8, max: 5 }, syncError: { outOf: 8, max: 5 } },
};

const seeded = (seed: number) => {
  const choices = new Choices({ kind: 'seed', seed: String(seed), record: false });
  return (site: string) => choices.stream('knobs', site);
};
const nothing: Tape = { knobs: {}, workload: {}, fault: {}, schedule: {} };
const calmest = (site: string) =>
  new Choices({ kind: 'steps', seed: '1', tape: nothing }).stream('knobs', site);

const runs = Array.from({ length: 400 }, (_, seed) => swarmFaults(scenario, seeded(seed)));

describe('swarmFaults', () => {
  it('leaves half of the runs everything that the scenario has', () => {
    const all = runs.filter(({ faults }) => faults === 'all');
    expect(all.length).toBeGreaterThan(160);
    expect(all.length).toBeLessThan(240);
    expect(all.every((swarm) => swarm.scenario === scenario)).toBe(true);
  });

  it('has each kind in about half of the others, with and without each other kind', () => {
    const others = runs.filter(({ faults }) => faults !== 'all').map(({ faults }) => faults.split(' '));
    const kinds = ['power-loss', 'kill', 'clock', 'network.reset', 'disk.readError', 'disk.syncError'];
    for (const kind of kinds) {
      const share = others.filter((faults) => faults.includes(kind)).length / others.length;
      expect(share).toBeGreaterThan(0.38);
      expect(share).toBeLessThan(0.62);
      for (const other of kinds.filter((name) => name !== kind)) {
        expect(others.some((faults) => faults.includes(kind) && !faults.includes(other))).toBe(true);
      }
    }
  });

  it('says of a run which kinds it has, and has no others', () => {
    for (const swarm of runs.filter(({ faults }) => faults !== 'all')) {
      const { crashes, clock, network = {}, disk = {} } = swarm.scenario;
      const there = [
        ...(crashes.powerLossesMax > 0 ? ['power-loss'] : []),
        ...(crashes.killsMax > 0 ? ['kill'] : []),
        ...(clock === undefined ? [] : ['clock']),
        ...Object.keys(network).map((name) => `network.${name}`),
        ...Object.keys(disk).map((name) => `disk.${name}`),
      ];
      expect(there.join(' ') || 'none').toBe(swarm.faults);
    }
  });

  it('makes what exists rarer, or twice as frequent, or leaves it', () => {
    const rates = new Set(runs.map((swarm) => swarm.scenario.network?.reset?.outOf));
    expect([...rates].toSorted()).toEqual([10, 20, 80, undefined]);
  });

  it('has no fault at all where every choice is the calmest', () => {
    const calm = swarmFaults(scenario, calmest);
    expect(calm.faults).toBe('none');
    expect(calm.scenario.crashes).toMatchObject({ powerLossesMax: 0, killsMax: 0, imagesMax: 2 });
    expect(calm.scenario).toMatchObject({ network: {}, disk: {}, clock: undefined });
  });
});

describe('swarmKinds', () => {
  const kinds = ['write', 'write', 'read', 'read', 'restart'] as const;

  it('keeps the first kind always, and of the others what is drawn, as often as it was there', () => {
    const seen = new Set(Array.from({ length: 200 }, (_, seed) => swarmKinds(kinds, seeded(seed)).join(' ')));
    expect([...seen].toSorted()).toEqual([
      'write write',
      'write write read read',
      'write write read read restart',
      'write write restart',
    ]);
    expect(swarmKinds(kinds, calmest)).toEqual(['write', 'write']);
  });
});
