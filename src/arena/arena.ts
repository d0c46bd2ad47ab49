import type { ArenaContext } from './context.ts';
import type { Scenario } from './scenario.ts';

export interface PropertyInfo {
  /** As in `Violation`: `acknowledged-survives`. */
  readonly id: string;
  readonly kind: 'safety' | 'liveness';
  /** What must hold, in one sentence. */
  readonly claim: string;
}

/** A marker that not every scenario has what it takes to reach. */
export interface ConditionalMarker {
  readonly label: string;
  /** Whether a run in this scenario may reach it. */
  readonly when: (scenario: Scenario) => boolean;
}

export interface Arena {
  /** `arena-0-spine`: also the name of its file. */
  readonly name: string;
  readonly summary: string;
  readonly properties: readonly PropertyInfo[];
  /** Scenarios that it is made for, by name; the first is played when none is asked for. */
  readonly scenarios: readonly string[];
  /** Scenarios that are played only when they are asked for, because a run of them is long. */
  readonly onRequest?: readonly string[];
  /** Labels that some run of a campaign should reach; the summary names those that none did. */
  readonly markers: readonly (string | ConditionalMarker)[];
  /** Plays one run. Returns when all holds; throws a `Violation` when something does not. */
  play(context: ArenaContext): Promise<void>;
}

/** Labels that some run of `arena` in `scenario` should reach. */
export function markersOf({ markers }: Arena, scenario: Scenario): readonly string[] {
  return markers.flatMap((marker) => {
    if (typeof marker === 'string') return [marker];
    return marker.when(scenario) ? [marker.label] : [];
  });
}

/** Declares an arena. What it adds is the check that the declaration makes sense. Throws a `TypeError`. */
export function defineArena(arena: Arena): Arena {
  const { name, play, properties, scenarios } = arena;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new TypeError(`Arena name "${String(name)}": use lower-case letters, digits and hyphens.`);
  }
  if (!Array.isArray(scenarios) || scenarios.length === 0) {
    throw new TypeError(`Arena "${name}" names no scenario: "scenarios" must have at least one.`);
  }
  if (!Array.isArray(properties) || properties.length === 0) {
    throw new TypeError(`Arena "${name}" claims no property: "properties" must have at least one.`);
  }
  if (typeof play !== 'function') throw new TypeError(`Arena "${name}" has no function "play".`);
  return arena;
}
