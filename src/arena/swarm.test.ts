import { describe, expect, it } from 'vitest';
import { Choices, type Tape } from '../sim/index.ts';
import { drawKnob } from './knob.ts';
import type { Scenario } from './scenario.ts';
import { drawKinds, type DrawOption, drawSwarm } from './swarm.ts';

const rate = { outOf: 20, max: 1 };

const scenario: Scenario = {
  name: 'wild',
  summary: '',
  swarm: true,
  profiles: ['strict'],
  latency: { slow: 0, outOf: 1, microsMax: 0 },
  crashes: { powerLossesMax: 4, killsMax: 3, distanceStepsMax: 8, distanceWritesMax: 8, imagesMax: 2 },
  clock: { stepsMax: 3, msMax: 10, distanceStepsMax: 8 },
  network: { reset: rate, duplicate: rate },
  disk: { readError: rate, syncError: rate },
  rot: { bitsMax: 1, distanceStepsMax: 1 },
  sites: { activeOutOf: 4, firesOutOf: 4 },
};

const optionsOf = (choices: Choices, given?: Record<string, string>): DrawOption => {
  return (name, values) => drawKnob(choices, given, name, values);
};
const seeded = (seed: number) => optionsOf(new Choices({ kind: 'seed', seed: String(seed), record: false }));
const nothing: Tape = { knobs: {}, workload: {}, fault: {}, schedule: {} };
const calmest = optionsOf(new Choices({ kind: 'steps', seed: '1', tape: nothing }));

const runs = Array.from({ length: 800 }, (_, seed) => drawSwarm(scenario, seeded(seed)));

describe('a swarm', () => {
  it('leaves one run in eight everything as it is', () => {
    const all = runs.filter(({ knobs }) => knobs['swarm'] === 'all');
    expect(all.length).toBeGreaterThan(60);
    expect(all.length).toBeLessThan(140);
    for (const swarm of all) expect(swarm.scenario).toBe(scenario);
  });

  it('has each kind in about half of the others, with and without each other kind', () => {
    const others = runs.filter(({ knobs }) => knobs['swarm'] === 'some');
    const kinds: readonly ((drawn: Scenario) => boolean)[] = [
      ({ crashes }) => crashes.powerLossesMax > 0,
      ({ crashes }) => crashes.killsMax > 0,
      ({ clock }) => clock !== undefined,
      ({ rot }) => rot !== undefined,
      ({ sites }) => sites !== undefined,
      ({ network }) => network?.reset !== undefined,
      ({ disk }) => disk?.readError !== undefined,
      ({ disk }) => disk?.syncError !== undefined,
    ];
    for (const has of kinds) {
      const share = others.filter((swarm) => has(swarm.scenario)).length / others.length;
      expect(share).toBeGreaterThan(0.4);
      expect(share).toBeLessThan(0.6);
      for (const other of kinds.filter((kind) => kind !== has)) {
        expect(others.some((swarm) => has(swarm.scenario) && !other(swarm.scenario))).toBe(true);
      }
    }
  });

  it('makes what exists rarer, or more frequent, or leaves it', () => {
    const rates = new Set(runs.map((swarm) => swarm.scenario.network?.reset?.outOf));
    expect([...rates].toSorted()).toEqual([10, 20, 80, undefined]);
  });

  it('has no fault at all where every choice is the calmest', () => {
    const calm = drawSwarm(scenario, calmest).scenario;
    expect(calm.crashes).toMatchObject({ powerLossesMax: 0, killsMax: 0, imagesMax: 2 });
    expect(calm).toMatchObject({ network: {}, disk: {}, clock: undefined, rot: undefined, sites: undefined });
  });

  it('is the same again from the options that it drew, whatever the seed', () => {
    for (const { scenario: drawn, knobs } of runs.slice(0, 50)) {
      const choices = new Choices({ kind: 'seed', seed: 'another', record: false });
      expect(drawSwarm(scenario, optionsOf(choices, knobs)).scenario).toEqual(drawn);
    }
  });

  it('draws nothing where the scenario is none', () => {
    const fixed = { ...scenario, swarm: false };
    const never = (): never => {
      throw new Error('drawn');
    };
    expect(drawSwarm(fixed, never)).toEqual({ scenario: fixed, knobs: {} });
  });
});

describe('kinds of operations', () => {
  const kinds = ['write', 'write', 'read', 'read', 'restart'] as const;

  it('keep the first always, and of the others what is drawn, as often as it was there', () => {
    const seen = new Set(
      Array.from({ length: 200 }, (_, seed) => drawKinds('kinds', kinds, seeded(seed)).join(' ')),
    );
    expect([...seen].toSorted()).toEqual([
      'write write',
      'write write read read',
      'write write read read restart',
      'write write restart',
    ]);
    expect(drawKinds('kinds', kinds, calmest)).toEqual(['write', 'write']);
  });
});
