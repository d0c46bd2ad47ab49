import type { Kernel } from '../sim/index.ts';

/** A moment of a run, told by what the system had just done rather than by a number of steps. */
export interface Landmark {
  readonly machine: string;
  /** Call of the file system: `write`, `datasync`. Empty: before any. */
  readonly operation: string;
  /** Its path with every number as `#`, in hexadecimal too: `/data/steme/wal/#-#.seg`. */
  readonly path: string;
  /** The so-many-th of these, from 1. */
  readonly nth: number;
  /** Steps of the run since then. */
  readonly stepsAfter: number;
}

/** What `Chaos` planned and did, and when: enough to do it again without its draws. */
export interface AnchoredFault {
  readonly kind: 'power-loss' | 'kill' | 'crash-image' | 'clock-step';
  readonly machine: string;
  readonly at: Landmark;
  /** Names the draws of what a power loss leaves, or how far a clock is set. */
  readonly number: number;
}

const start: Landmark = { machine: '', operation: '', path: '', nth: 0, stepsAfter: 0 };

/** Knows where a run is, in terms that a change elsewhere does not shift; and tells when it gets somewhere. */
export class Landmarks {
  /** Faults to inject, instead of those that would be drawn. */
  readonly planned: readonly AnchoredFault[] | undefined;
  /** Faults injected so far. */
  readonly injected: AnchoredFault[] = [];
  readonly #counts = new Map<string, number>();
  readonly #paths = new Map<string, string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #met = new Set<AnchoredFault>();
  #last: Landmark = start;
  #steps = 0;
  #stepsAtLast = 0;

  constructor(planned?: readonly AnchoredFault[]) {
    this.planned = planned;
  }

  /** Planned faults whose moment has not come. */
  get missed(): readonly AnchoredFault[] {
    return (this.planned ?? []).filter((fault) => !this.#met.has(fault));
  }

  /** For the observer of the kernel: after each step. */
  delivered(owner: string, operation: string, resource: string): void {
    this.#steps += 1;
    if (!resource.startsWith('/')) return;
    const [machine = ''] = owner.split('/');
    let path = this.#paths.get(resource);
    if (path === undefined) {
      path = resource.replaceAll(/[0-9a-f]{8,}|\d+/g, '#');
      this.#paths.set(resource, path);
    }
    const key = keyOf({ machine, operation, path });
    const nth = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, nth);
    this.#last = { machine, operation, path, nth, stepsAfter: 0 };
    this.#stepsAtLast = this.#steps;
    for (const effect of this.#waiting.get(`${key}|${nth}`) ?? []) effect();
  }

  note(kind: AnchoredFault['kind'], machine: string, number: number): void {
    const at = { ...this.#last, stepsAfter: this.#steps - this.#stepsAtLast };
    this.injected.push({ kind, machine, at, number });
  }

  /** Calls `effect` between two steps, when the moment of `fault` has come. */
  when(kernel: Kernel, fault: AnchoredFault, effect: () => void): void {
    const { at } = fault;
    const wait = (): void =>
      kernel.afterSteps(at.stepsAfter, fault.kind, () => {
        this.#met.add(fault);
        effect();
      });
    if (at.nth === 0) return wait();
    const key = `${keyOf(at)}|${at.nth}`;
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), wait]);
  }
}

function keyOf({ machine, operation, path }: Pick<Landmark, 'machine' | 'operation' | 'path'>): string {
  return `${machine}|${operation}|${path}`;
}

const ordinals = new Map([
  [1, 'st'],
  [2, 'nd'],
  [3, 'rd'],
]);

/** `right after the 3rd datasync of /data/steme/wal/#.seg on node-1`. */
export function plainLandmark({ machine, operation, path, nth, stepsAfter }: Landmark): string {
  const when = stepsAfter === 0 ? 'right' : `${stepsAfter} steps`;
  if (nth === 0) return `${when} after the start`;
  const ending = nth % 100 > 10 && nth % 100 < 14 ? 'th' : (ordinals.get(nth % 10) ?? 'th');
  return `${when} after the ${nth}${ending} ${operation} of ${path} on ${machine}`;
}
