import type { Draws } from '../sim/index.ts';
import type { Scenario } from './scenario.ts';

/** Gives the stream of a site; of the lane `knobs`. */
type DrawAt = (site: string) => Draws;

export interface Swarm {
  readonly scenario: Scenario;
  /** The kinds of faults that exist in this run, or `all`. */
  readonly faults: string;
}

/**
 * Half of all runs have every kind of fault that the scenario names; each of the others has a kind or has it not,
 * and has it more or less often: what always goes wrong hides what seldom does. Without any draw (all zeros) no
 * fault exists. Groce, Zhang, Eide, Chen, Regehr: "Swarm Testing", ISSTA 2012.
 */
export function swarmFaults(scenario: Scenario, at: DrawAt): Swarm {
  if (at('swarm').choose(2) === 1) return { scenario, faults: 'all' };
  const kept: string[] = [];
  const has = (kind: string): boolean => {
    const isThere = at(`swarm:${kind}`).choose(2) === 1;
    if (isThere) kept.push(kind);
    return isThere;
  };
  const { crashes, clock, network, disk } = scenario;
  const swarmed: Scenario = {
    ...scenario,
    crashes: {
      ...crashes,
      powerLossesMax: crashes.powerLossesMax > 0 && has('power-loss') ? crashes.powerLossesMax : 0,
      killsMax: crashes.killsMax > 0 && has('kill') ? crashes.killsMax : 0,
    },
    clock: clock !== undefined && has('clock') ? clock : undefined,
    network: network && swarmRates('network', network, has, at),
    disk: disk && swarmRates('disk', disk, has, at),
  };
  return { scenario: swarmed, faults: kept.join(' ') || 'none' };
}

interface Rate {
  readonly outOf: number;
}

/** The kinds that exist, each less often, as often, or more often than the scenario says. */
function swarmRates<T extends object>(
  device: string,
  faults: T,
  has: (kind: string) => boolean,
  at: DrawAt,
): T {
  const kinds = (Object.entries(faults) as [string, Rate][]).toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  );
  const swarmed: Record<string, Rate> = {};
  for (const [name, rate] of kinds) {
    const kind = `${device}.${name}`;
    if (!has(kind)) continue;
    const factor = [4, 1, 0.5][at(`swarm:${kind}`).choose(3)] ?? 1;
    swarmed[name] = { ...rate, outOf: Math.max(1, Math.ceil(rate.outOf * factor)) };
  }
  return swarmed as T;
}

/**
 * Which kinds of operations exist in a run: half of the time all, else each or not, but always the first. What is
 * there several times, to be drawn more often, stays or goes as one.
 */
export function swarmKinds<T extends string>(kinds: readonly [T, ...T[]], at: DrawAt): readonly [T, ...T[]] {
  const [first, ...others] = kinds;
  if (at('swarm').choose(2) === 1) return kinds;
  const kept = new Set<string>([first]);
  for (const kind of new Set(others)) {
    if (kind !== first && at(`swarm:${kind}`).choose(2) === 1) kept.add(kind);
  }
  return [first, ...others.filter((kind) => kept.has(kind))];
}
