import { hashName } from '../trace/digest.ts';

/** Whoever tasks die with: a process, or the world itself. */
export interface TaskOwner {
  readonly name: string;
}

/** A task of the simulation: one causal chain, named by how it came to be. */
export class SimTask {
  /** The chain: `main/agent-3/retry#2`. Siblings of one name are numbered from the second on. */
  readonly path: string;
  /** What stands for the path in digests: as a signed word, which V8 need not box. */
  readonly hash: number;
  readonly owner: TaskOwner;
  /** Position in the order of creation, counted from 0. */
  readonly ordinal: number;
  steps = 0;
  readonly #siblings = new Map<string, number>();

  constructor(path: string, owner: TaskOwner, ordinal: number) {
    this.path = path;
    this.hash = hashName(path) | 0;
    this.owner = owner;
    this.ordinal = ordinal;
  }

  childPath(name: string): string {
    const nth = (this.#siblings.get(name) ?? 0) + 1;
    this.#siblings.set(name, nth);
    return nth === 1 ? `${this.path}/${name}` : `${this.path}/${name}#${nth}`;
  }
}
