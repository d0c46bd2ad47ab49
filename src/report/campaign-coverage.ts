import type { RunRecord } from '../explore/index.ts';

/** How often something happened, and in how many runs. */
export interface Occurrence {
  readonly name: string;
  times: number;
  runs: number;
}

/** Runs of one arena and scenario under one strategy. */
export interface StrategyCell {
  readonly arena: string;
  readonly scenario: string;
  readonly strategy: string;
  runs: number;
  failures: number;
  /** Faults that were injected in all of them. */
  faults: number;
}

/** What runs of a campaign went through. Keeps no run; as large as there are names. */
export class CampaignCoverage {
  readonly #cells = new Map<string, StrategyCell>();
  readonly #faults = new Map<string, Occurrence>();
  readonly #markers = new Map<string, Occurrence>();

  /** Returns how many markers had not been reached before. */
  add(record: RunRecord): number {
    const { arena, scenario, verdict } = record;
    const strategy = familyOf(record.strategy);
    const key = `${arena} ${scenario} ${strategy}`;
    const cell = this.#cells.get(key) ?? { arena, scenario, strategy, runs: 0, failures: 0, faults: 0 };
    this.#cells.set(key, cell);
    cell.runs += 1;
    if (verdict !== 'held') cell.failures += 1;
    for (const times of Object.values(record.faults)) cell.faults += times;
    count(this.#faults, record.faults);
    const before = this.#markers.size;
    count(this.#markers, record.markers);
    return this.#markers.size - before;
  }

  get cells(): readonly Readonly<StrategyCell>[] {
    return [...this.#cells.values()];
  }

  /** By name. */
  get faults(): readonly Readonly<Occurrence>[] {
    return byName(this.#faults);
  }

  /** Arenas and scenarios that were played without a single fault. */
  get quietPairs(): readonly { readonly arena: string; readonly scenario: string }[] {
    const pairs = new Map<string, { arena: string; scenario: string; faults: number }>();
    for (const { arena, scenario, faults } of this.#cells.values()) {
      const key = `${arena} ${scenario}`;
      const before = pairs.get(key)?.faults ?? 0;
      pairs.set(key, { arena, scenario, faults: before + faults });
    }
    return [...pairs.values()].filter(({ faults }) => faults === 0);
  }

  /** Those that were reached, by name. */
  get markers(): readonly Readonly<Occurrence>[] {
    return byName(this.#markers);
  }
}

/** Schedules that an exhaustive campaign plays have each a name of their own: they count as one. */
function familyOf(strategy: string): string {
  return strategy.startsWith('delay@') ? 'delay@' : strategy;
}

function count(into: Map<string, Occurrence>, counts: Readonly<Record<string, number>>): void {
  for (const [name, times] of Object.entries(counts)) {
    if (times === 0) continue;
    const known = into.get(name);
    if (known === undefined) into.set(name, { name, times, runs: 1 });
    else {
      known.times += times;
      known.runs += 1;
    }
  }
}

function byName(of: ReadonlyMap<string, Occurrence>): Occurrence[] {
  return [...of.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
