import type { Kernel } from '../../sim/index.ts';
import { type AnchoredFault, type FaultPlan, isPlanned, type Landmark } from './anchored-fault.ts';
import { pathPattern } from './path-pattern.ts';
import { StrikeNotes } from './strike-notes.ts';

type Noted = Pick<AnchoredFault, 'kind' | 'number' | 'place'>;

const start: Landmark = { machine: '', operation: '', path: '', nth: 0, stepsAfter: 0 };

/** Knows where a run is, in terms that a change elsewhere does not shift; and tells when it gets somewhere. */
export class Landmarks {
  /** For the world: faults that strike calls and messages. */
  readonly strikes: StrikeNotes;
  /** Faults injected so far. */
  readonly injected: AnchoredFault[] = [];
  readonly #plan: FaultPlan | undefined;
  readonly #counts = new Map<string, number>();
  readonly #seen = new Map<string, Landmark>();
  readonly #patterns = new Map<string, string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #met = new Set<AnchoredFault>();
  #last: Landmark = start;
  #steps = 0;
  #stepsAtLast = 0;

  constructor(plan?: FaultPlan) {
    this.#plan = plan;
    this.strikes = new StrikeNotes(plan, (fault, planned) => {
      this.injected.push(fault);
      if (planned !== undefined) this.#met.add(planned);
    });
  }

  /** Planned faults whose moment has not come, or that could do nothing then. */
  get missed(): readonly AnchoredFault[] {
    return (this.#plan?.faults ?? []).filter((fault) => !this.#met.has(fault));
  }

  /** One place of each sort of call that was made, and of each sort that a fault could strike. */
  get seen(): readonly Landmark[] {
    return [...this.#seen.values(), ...this.strikes.seen];
  }

  /** The faults of `kind` that are planned for `machine`; `undefined`: they are drawn. */
  plannedFor(machine: string, kind: AnchoredFault['kind']): readonly AnchoredFault[] | undefined {
    if (!isPlanned(this.#plan, kind)) return undefined;
    return this.#plan!.faults.filter((fault) => fault.kind === kind && fault.machine === machine);
  }

  /** For the observer of the kernel: after each step. */
  delivered(owner: string, operation: string, resource: string): void {
    this.#steps += 1;
    if (!resource.startsWith('/')) return;
    const [machine = '', process = '0'] = owner.split('/');
    let path = this.#patterns.get(resource);
    if (path === undefined) {
      path = pathPattern(resource);
      this.#patterns.set(resource, path);
    }
    const inLife = { machine, life: Number(process), operation, path };
    this.#pass({ ...inLife, life: undefined });
    const nth = this.#pass(inLife);
    this.#last = { ...inLife, nth, stepsAfter: 0 };
    if (nth === 1) this.#seen.set(keyOf(inLife), this.#last);
    this.#stepsAtLast = this.#steps;
  }

  #pass(sort: SortOfCall): number {
    const key = keyOf(sort);
    const nth = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, nth);
    for (const effect of this.#waiting.get(`${key}|${nth}`) ?? []) effect();
    return nth;
  }

  note(machine: string, { kind, number, place }: Noted): void {
    const at = { ...this.#last, stepsAfter: this.#steps - this.#stepsAtLast };
    this.injected.push({ kind, machine, at, number, ...(place && { place }) });
  }

  /** Calls `effect` between two steps, when the moment of `fault` has come. It says whether it could do anything. */
  when(kernel: Kernel, fault: AnchoredFault, effect: () => boolean): void {
    const { at } = fault;
    const wait = (steps: number): void =>
      kernel.afterSteps(steps, fault.kind, () => {
        if (effect()) this.#met.add(fault);
      });
    if (at.nth === 0) return wait(Math.max(0, at.stepsAfter - this.#steps));
    const key = `${keyOf(at)}|${at.nth}`;
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), () => wait(at.stepsAfter)]);
  }
}

type SortOfCall = Pick<Landmark, 'machine' | 'life' | 'operation' | 'path'>;

function keyOf({ machine, life, operation, path }: SortOfCall): string {
  return `${machine}|${life ?? ''}|${operation}|${path}`;
}
