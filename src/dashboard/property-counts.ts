import type { RunRecord } from '../explore/index.ts';
import type { CampaignFacts, PropertyCount } from './campaign-model.ts';

/** Counts, for each property, the runs that could tell and those in which it did not hold. */
export class PropertyCounts {
  readonly #arenas: ReadonlyMap<string, readonly string[]>;
  readonly #runsOfArena = new Map<string, number>();
  readonly #violated = new Map<string, number>();
  #runs = 0;

  constructor(arenas: CampaignFacts['arenas']) {
    this.#arenas = new Map(arenas.map(({ name, properties }) => [name, properties]));
  }

  add({ arena, verdict, property }: RunRecord): void {
    // A run that the simulator broke says nothing about the others.
    if (verdict !== 'error') {
      this.#runs += 1;
      this.#runsOfArena.set(arena, (this.#runsOfArena.get(arena) ?? 0) + 1);
    }
    if (property !== null) this.#violated.set(property, (this.#violated.get(property) ?? 0) + 1);
  }

  /** Those that did not hold come first, then the others in the order of the arenas. */
  counts(): PropertyCount[] {
    const declared = new Set([...this.#arenas.values()].flat());
    const all = new Set([...this.#violated.keys(), ...declared]);
    return [...all].map((property) => ({
      property,
      runs: declared.has(property) ? this.#runsWith(property) : this.#runs,
      violated: this.#violated.get(property) ?? 0,
    }));
  }

  #runsWith(property: string): number {
    let runs = 0;
    for (const [arena, properties] of this.#arenas) {
      if (properties.includes(property)) runs += this.#runsOfArena.get(arena) ?? 0;
    }
    return runs;
  }
}
