import type { Scenario } from './scenario.ts';

/** Draws a feature of the run: `true` is on. */
export type DrawFeature = (name: string, outOf: number) => boolean;

/** One of so many runs has everything that the scenario names. */
const allOutOf = 8;

/** Otherwise each kind of fault is there in one of so many. */
const kindOutOf = 2;

/**
 * Swarm testing [Groce, ISSTA 2012]: what a run can do is drawn before what it does. Faults get in each other's way, a
 * full disk keeps a log from ever rotating, so that runs which have few of them reach what runs with all of them do
 * not. Each kind of fault that `scenario` names is left out or stays, with its own rate; one run in eight has all.
 */
export function drawSwarm(scenario: Scenario, draw: DrawFeature): Scenario {
  if (scenario.swarm !== true) return scenario;
  const isAll = draw('swarm.all', allOutOf);
  const has = (name: string): boolean => isAll || draw(`swarm.${name}`, kindOutOf);
  const kindsOf = <T extends object>(section: string, kinds: T | undefined): Partial<T> | undefined => {
    const kept = Object.entries(kinds ?? {}).filter(([kind]) => has(`${section}.${kind}`));
    return kept.length === 0 ? undefined : (Object.fromEntries(kept) as Partial<T>);
  };
  const { crashes, hostileRequests } = scenario;
  return {
    ...scenario,
    crashes: {
      ...crashes,
      powerLossesMax: has('power-losses') ? crashes.powerLossesMax : 0,
      killsMax: has('kills') ? crashes.killsMax : 0,
    },
    network: kindsOf('network', scenario.network),
    disk: kindsOf('disk', scenario.disk),
    clock: has('clock') ? scenario.clock : undefined,
    pauses: has('pauses') ? scenario.pauses : undefined,
    crashLoops: has('crash-loops') ? scenario.crashLoops : undefined,
    rot: has('rot') ? scenario.rot : undefined,
    hostileRequests: has('hostile-requests') ? hostileRequests : undefined,
  };
}
