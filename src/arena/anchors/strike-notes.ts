import type { Chance, Draws, StrikeWatch } from '../../sim/index.ts';
import {
  type AnchoredFault,
  type FaultPlan,
  isPlanned,
  labelOfStrike,
  type Landmark,
} from './anchored-fault.ts';
import { NotedDraws } from './noted-draws.ts';
import { pathPattern } from './path-pattern.ts';

/** Hears of each strike, and which planned one it is. */
type OnStrike = (fault: AnchoredFault, planned?: AnchoredFault) => void;

/** Counts the chances that faults have to strike, by what is struck; lets strike those that are planned. */
export class StrikeNotes implements StrikeWatch {
  readonly #plan: FaultPlan | undefined;
  readonly #onStrike: OnStrike;
  readonly #planned = new Map<string, AnchoredFault>();
  readonly #chances = new Map<string, number>();
  readonly #struck = new Map<string, number>();
  readonly #seen = new Map<string, Landmark>();
  /** The last chance that was asked about. */
  #at: Landmark | undefined;

  constructor(plan: FaultPlan | undefined, onStrike: OnStrike) {
    this.#plan = plan;
    this.#onStrike = onStrike;
    for (const fault of plan?.faults ?? []) this.#planned.set(keyOf(fault.kind, fault.at), fault);
  }

  /** The first chance of each sort. */
  get seen(): readonly Landmark[] {
    return [...this.#seen.values()];
  }

  decides({ fault, where, life, operation, path }: Chance): string | false | undefined {
    const sort = { machine: where, life, operation, path: pathPattern(path) };
    const key = keyOf(fault, { ...sort, nth: 0 });
    const nth = (this.#chances.get(key) ?? 0) + 1;
    this.#chances.set(key, nth);
    const at = { ...sort, nth, stepsAfter: 0 };
    if (nth === 1) this.#seen.set(key, at);
    this.#at = at;
    if (!isPlanned(this.#plan, fault as AnchoredFault['kind'])) return undefined;
    const planned = this.#planned.get(keyOf(fault, at));
    if (planned === undefined) return false;
    this.#onStrike({ ...planned, at }, planned);
    return labelOfStrike(planned);
  }

  struck({ fault, where }: Chance, draws: Draws): Draws {
    const key = `${where}|${fault}`;
    const number = (this.#struck.get(key) ?? 0) + 1;
    this.#struck.set(key, number);
    const details: number[] = [];
    this.#onStrike({ kind: fault as AnchoredFault['kind'], machine: where, at: this.#at!, number, details });
    return new NotedDraws(draws, details);
  }
}

function keyOf(fault: string, { machine, life, operation, path, nth }: Omit<Landmark, 'stepsAfter'>): string {
  return `${fault}|${machine}|${life ?? 0}|${operation}|${path}|${nth}`;
}
