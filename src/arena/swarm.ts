import type { Scenario } from './scenario.ts';

/** Draws an option of the run: one of `values`, the first of which is the calmest. */
export type DrawOption = <T extends string>(name: string, values: readonly [T, ...T[]]) => T;

export interface Swarm {
  readonly scenario: Scenario;
  /** Every option that was drawn, by name. */
  readonly knobs: Readonly<Record<string, string>>;
}

interface Rate {
  readonly outOf: number;
}

/** A fault that exists strikes this much more seldom than the scenario says. */
const factors = { rare: 4, 'as-it-is': 1, often: 0.5 } as const;

/**
 * Swarm testing [Groce, Zhang, Eide, Chen, Regehr, ISSTA 2012]: what a run can do is drawn before what it does. Faults
 * get in each other's way, a full disk keeps a log from ever rotating, so that runs which have few of them reach what
 * runs with all of them do not. Of a scenario that is a swarm each kind of fault is left out or stays, more or less
 * often; one run in eight has all as they are. Without any draw, all zeros, no fault exists.
 */
export function drawSwarm(scenario: Scenario, draw: DrawOption): Swarm {
  if (scenario.swarm !== true) return { scenario, knobs: {} };
  const knobs: Record<string, string> = {};
  const option: DrawOption = (name, values) => {
    const value = draw(name, values);
    knobs[name] = value;
    return value;
  };
  if (
    option('swarm', [...Array.from({ length: 7 }, () => 'some' as const), 'all'] as ['some', 'all']) === 'all'
  ) {
    return { scenario, knobs };
  }
  const has = (kind: string): boolean => option(`swarm.${kind}`, ['off', 'on']) === 'on';
  const { crashes, hostileRequests } = scenario;
  const swarmed: Scenario = {
    ...scenario,
    crashes: {
      ...crashes,
      powerLossesMax: has('power-losses') ? crashes.powerLossesMax : 0,
      killsMax: has('kills') ? crashes.killsMax : 0,
    },
    network: drawRates('network', scenario.network, option),
    disk: drawRates('disk', scenario.disk, option),
    clock: has('clock') ? scenario.clock : undefined,
    pauses: has('pauses') ? scenario.pauses : undefined,
    crashLoops: has('crash-loops') ? scenario.crashLoops : undefined,
    rot: has('rot') ? scenario.rot : undefined,
    sites: has('sites') ? scenario.sites : undefined,
    hostileRequests: has('hostile-requests') ? hostileRequests : undefined,
  };
  return { scenario: swarmed, knobs };
}

/** The kinds that exist, each less often, as often, or more often than the scenario says. */
function drawRates<T extends object>(device: string, faults: T | undefined, draw: DrawOption): T | undefined {
  if (faults === undefined) return undefined;
  const drawn: Record<string, Rate> = {};
  for (const [kind, rate] of Object.entries(faults) as [string, Rate][]) {
    const how = draw(`swarm.${device}.${kind}`, ['off', 'off', 'off', 'rare', 'as-it-is', 'often']);
    if (how === 'off') continue;
    drawn[kind] = { ...rate, outOf: Math.max(1, Math.ceil(rate.outOf * factors[how])) };
  }
  return drawn as T;
}

/**
 * Which kinds of operations exist in a run: half of the time all, else each or not, but always the first. What is
 * there several times, to be drawn more often, stays or goes as one.
 */
export function drawKinds<T extends string>(
  name: string,
  kinds: readonly [T, ...T[]],
  draw: DrawOption,
): readonly [T, ...T[]] {
  if (draw(name, ['some', 'all']) === 'all') return kinds;
  const [first, ...others] = kinds;
  const kept = new Set<string>([first]);
  for (const kind of new Set(others)) {
    if (kind !== first && draw(`${name}.${kind}`, ['off', 'on']) === 'on') kept.add(kind);
  }
  return [first, ...others.filter((kind) => kept.has(kind))];
}
