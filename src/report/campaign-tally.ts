import type { RunRecord } from '../explore/index.ts';
import { CampaignCoverage } from './campaign-coverage.ts';
import { CampaignTrend } from './campaign-trend.ts';

/** What a campaign knows of each property in each scenario. */
export interface CheckedProperty {
  readonly arena: string;
  readonly scenario: string;
  readonly property: string;
  /** What must hold, in one sentence. */
  readonly claim: string;
  /** Runs of that arena and scenario. */
  readonly runs: number;
  /** Those of them in which every property held: a run ends with the first that does not. */
  readonly held: number;
  readonly failures: readonly FailureGroup[];
}

/** Runs that failed in the same way. */
export interface FailureGroup {
  readonly signature: string;
  readonly isError: boolean;
  readonly runs: number;
  /** Of the first of them. */
  readonly seed: string;
  readonly arena: string;
  readonly scenario: string;
  readonly property: string;
  readonly explanation: FailureExplanation | undefined;
}

export interface FailureExplanation {
  /** One sentence. */
  readonly message: string;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  /** What to type to have it again. */
  readonly replay: string;
  /** The file that shows it as a page. */
  readonly page?: string | undefined;
}

export interface TalliedArena {
  readonly name: string;
  readonly properties: readonly { readonly id: string; readonly claim: string }[];
}

interface Cell {
  readonly arena: string;
  readonly scenario: string;
  runs: number;
  held: number;
  wallMs: number;
  readonly failures: Map<
    string,
    { readonly group: Omit<FailureGroup, 'explanation' | 'runs'>; runs: number }
  >;
}

/** Counts runs by arena, scenario and property. Keeps no run, so memory stays flat. */
export class CampaignTally {
  readonly coverage = new CampaignCoverage();
  readonly trend = new CampaignTrend();
  readonly #arenas: ReadonlyMap<string, TalliedArena>;
  readonly #cells = new Map<string, Cell>();
  readonly #explanations = new Map<string, FailureExplanation>();
  readonly #seen = new Set<string>();

  /** `pairs` are those that the campaign means to play: one that it never comes to is shown as not run. */
  constructor(
    arenas: Iterable<TalliedArena>,
    pairs: readonly { readonly arena: string; readonly scenario: string }[],
  ) {
    this.#arenas = new Map([...arenas].map((arena) => [arena.name, arena]));
    for (const { arena, scenario } of pairs) this.#cell(arena, scenario);
  }

  /** `elapsedMs` is when the run ended, counted from the beginning of the campaign; left out, there is no trend. */
  add(record: RunRecord, elapsedMs?: number): void {
    const { arena, scenario, signature, seed, verdict } = record;
    const newMarkers = this.coverage.add(record);
    const isNew = signature !== null && !this.#seen.has(signature);
    if (isNew) this.#seen.add(signature);
    if (elapsedMs !== undefined) {
      const failures = verdict === 'held' ? 0 : 1;
      this.trend.add(elapsedMs, { failures, newFailures: isNew ? 1 : 0, newMarkers });
    }
    const cell = this.#cell(arena, scenario);
    cell.runs += 1;
    cell.wallMs += record.wallMs;
    if (verdict === 'held') cell.held += 1;
    if (signature === null) return;
    const known = cell.failures.get(signature);
    if (known !== undefined) {
      known.runs += 1;
      return;
    }
    const property = record.property ?? 'unknown';
    const group = { signature, isError: verdict === 'error', seed, arena, scenario, property };
    cell.failures.set(signature, { group, runs: 1 });
  }

  /** The first counts. */
  explain(signature: string, explanation: FailureExplanation): void {
    if (!this.#explanations.has(signature)) this.#explanations.set(signature, explanation);
  }

  /** Arenas in the order in which they came, each with the real seconds that its runs took. */
  arenas(): { readonly name: string; readonly seconds: number; readonly properties: CheckedProperty[] }[] {
    const names = new Set([...this.#cells.values()].map(({ arena }) => arena));
    return [...names].map((name) => {
      const cells = [...this.#cells.values()].filter(({ arena }) => arena === name);
      return {
        name,
        seconds: cells.reduce((sum, { wallMs }) => sum + wallMs, 0) / 1000,
        properties: cells.flatMap((cell) => this.#propertiesOf(cell)),
      };
    });
  }

  /** One for each signature, whatever the scenario, in the order in which they came. */
  signatures(): FailureGroup[] {
    const groups = new Map<string, FailureGroup>();
    for (const cell of this.#cells.values()) {
      for (const group of this.#failuresOf(cell)) {
        const known = groups.get(group.signature);
        groups.set(
          group.signature,
          known === undefined ? group : { ...known, runs: known.runs + group.runs },
        );
      }
    }
    return [...groups.values()];
  }

  #cell(arena: string, scenario: string): Cell {
    const key = `${arena} ${scenario}`;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = { arena, scenario, runs: 0, held: 0, wallMs: 0, failures: new Map() };
      this.#cells.set(key, cell);
    }
    return cell;
  }

  #failuresOf(cell: Cell): FailureGroup[] {
    const groups: FailureGroup[] = [];
    for (const { group, runs } of cell.failures.values()) {
      groups.push({ ...group, runs, explanation: this.#explanations.get(group.signature) });
    }
    return groups;
  }

  /** Those that the arena declares, and those that were broken without being declared. */
  #propertiesOf(cell: Cell): CheckedProperty[] {
    const failures = this.#failuresOf(cell);
    const declared = this.#arenas.get(cell.arena)?.properties ?? [];
    const others = new Set(failures.map(({ property }) => property));
    for (const { id } of declared) others.delete(id);
    const all = [...declared, ...[...others].map((id) => ({ id, claim: 'must hold in every run' }))];
    return all.map(({ id, claim }) => ({
      arena: cell.arena,
      scenario: cell.scenario,
      property: id,
      claim,
      runs: cell.runs,
      held: cell.held,
      failures: failures.filter(({ property }) => property === id),
    }));
  }
}
