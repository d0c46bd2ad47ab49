import { describe, expect, it } from 'vitest';
import type { Scenario } from './scenario.ts';
import { drawSwarm } from './swarm.ts';

const rate = { outOf: 2, max: 1 };

const scenario: Scenario = {
  name: 'test',
  summary: '',
  swarm: true,
  profiles: ['strict'],
  latency: { slow: 0, outOf: 1, microsMax: 0 },
  crashes: { powerLossesMax: 2, killsMax: 3, distanceStepsMax: 5, distanceWritesMax: 6, imagesMax: 7 },
  disk: { syncError: rate, shortRead: rate },
  network: { reset: rate },
  rot: { bitsMax: 1, distanceStepsMax: 1 },
};

describe('a swarm', () => {
  it('leaves everything out in the calmest run, and keeps everything in a run that has all', () => {
    expect(drawSwarm(scenario, () => false)).toMatchObject({
      crashes: { ...scenario.crashes, powerLossesMax: 0, killsMax: 0 },
      disk: undefined,
      network: undefined,
      rot: undefined,
    });
    expect(drawSwarm(scenario, (name) => name === 'swarm.all')).toEqual(scenario);
  });

  it('draws each kind of fault apart, and keeps the rate of those that stay', () => {
    const drawn = drawSwarm(scenario, (name) => name === 'swarm.disk.shortRead' || name === 'swarm.kills');
    expect(drawn.disk).toEqual({ shortRead: rate });
    expect(drawn.crashes).toMatchObject({ powerLossesMax: 0, killsMax: 3 });
  });

  it('draws nothing where the scenario is none', () => {
    const fixed = { ...scenario, swarm: false };
    const never = (): never => {
      throw new Error('drawn');
    };
    expect(drawSwarm(fixed, never)).toBe(fixed);
  });
});
