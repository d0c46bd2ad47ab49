import type { Uniform } from '../../choices/index.ts';
import type { EligibleQueue } from '../eligible-queue.ts';
import type { Pending } from '../pending.ts';
import type { ScheduleProfile } from '../profile.ts';
import type { SimTask } from '../sim-task.ts';
import type { Strategy } from './strategy.ts';

/**
 * SURW: of the operations some are interesting, here all or those on one resource that several tasks share.
 * It aims at a task in proportion to the interesting operations that it has left, by an earlier schedule, and
 * holds back those of others until the one aimed at has had its turn: with a true profile every interleaving
 * of the interesting operations is equally likely. A task counts for its descendants until they are there. One that
 * the earlier schedule did not have, as it was started by somebody else there, is taken for the average of those that
 * are called alike; and nobody is starved for having more to do than was counted.
 * Zhao, Wolff, Mathur, Roychoudhury: "Selectively Uniform Concurrency Testing", ASPLOS 2025.
 */
export class SelectivelyUniform implements Strategy {
  readonly #uniform: Uniform;
  /** The interesting resource; every one when absent. */
  readonly #resource: string | undefined;
  readonly #families: Families;
  /** What is left, by `SimTask.ordinal`. */
  readonly #left: (number | undefined)[] = [];
  readonly #ordinals = new Map<string, number>();
  #aim: SimTask | undefined;

  constructor(uniform: Uniform, profile: ScheduleProfile) {
    this.#uniform = uniform;
    this.#resource = drawResource(uniform, profile);
    this.#families = new Families(profile, (resource) => this.#isInteresting(resource));
  }

  pick(eligible: EligibleQueue): number {
    let isAimThere = false;
    for (let index = 0; index < eligible.length; index++) {
      const { task } = eligible.at(index);
      if (this.#left[task.ordinal] === undefined) this.#meet(task);
      if (task === this.#aim) isAimThere = true;
    }
    if (!isAimThere) this.#aim = this.#drawAim(eligible);
    const free = this.#pickFree(eligible);
    if (free !== undefined) return free;
    this.#aim = this.#drawAim(eligible);
    return this.#pickFree(eligible) ?? 0;
  }

  delivered(pending: Pending): void {
    const { task, resource } = pending;
    if (this.#left[task.ordinal] === undefined) this.#meet(task);
    if (!this.#isInteresting(resource)) return;
    this.#left[task.ordinal] = Math.max(0, (this.#left[task.ordinal] ?? 0) - 1);
    this.#aim = undefined;
  }

  #isInteresting(resource: string): boolean {
    return this.#resource === undefined || this.#resource === resource;
  }

  /** From now on `task` counts for itself, and no longer its nearest ancestor for it. */
  #meet(task: SimTask): void {
    const family = this.#families.sizeOf(task.path);
    this.#left[task.ordinal] = family;
    this.#ordinals.set(task.path, task.ordinal);
    for (const ancestor of ancestors(task.path)) {
      const ordinal = this.#ordinals.get(ancestor);
      if (ordinal === undefined) continue;
      this.#left[ordinal] = Math.max(0, (this.#left[ordinal] ?? 0) - family);
      return;
    }
  }

  /**
   * One of the tasks that may run now, in proportion to what it has left, which is one at least where it is about to do
   * something interesting; by chance when none has.
   */
  #drawAim(eligible: EligibleQueue): SimTask {
    const weights = new Map<SimTask, number>();
    let total = 0;
    for (let index = 0; index < eligible.length; index++) {
      const { task, resource } = eligible.at(index);
      const before = weights.get(task) ?? 0;
      const weight = Math.max(before, this.#left[task.ordinal] ?? 0, this.#isInteresting(resource) ? 1 : 0);
      weights.set(task, weight);
      total += weight - before;
    }
    if (total > 0) {
      let ticket = this.#uniform.below(total);
      for (const [task, weight] of weights) {
        ticket -= weight;
        if (ticket < 0) return task;
      }
    }
    const tasks = [...weights.keys()];
    return tasks[this.#uniform.below(tasks.length)]!;
  }

  /** Any operation but the interesting ones of tasks that are not aimed at. */
  #pickFree(eligible: EligibleQueue): number | undefined {
    let free = 0;
    for (let index = 0; index < eligible.length; index++) if (this.#isFree(eligible.at(index))) free++;
    if (free === 0) return undefined;
    let nth = this.#uniform.below(free);
    for (let index = 0; index < eligible.length; index++) {
      if (this.#isFree(eligible.at(index)) && nth-- === 0) return index;
    }
    return undefined;
  }

  #isFree({ task, resource }: Pending): boolean {
    return task === this.#aim || !this.#isInteresting(resource);
  }
}

/** Half of the time every resource; else one of those that several tasks touch. */
function drawResource(uniform: Uniform, { chains }: ScheduleProfile): string | undefined {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const counts of Object.values(chains)) {
    for (const resource of Object.keys(counts)) {
      if (seen.has(resource)) shared.add(resource);
      else seen.add(resource);
    }
  }
  shared.delete('');
  const all = uniform.below(2) === 0;
  return all ? undefined : [...shared][uniform.below(Math.max(1, shared.size))];
}

/** How many interesting operations a task has, with all of its descendants. */
class Families {
  readonly #byPath = new Map<string, number>();
  /** Of tasks that are called alike: how many there were, and what they had together. */
  readonly #byName = new Map<string, { tasks: number; operations: number }>();

  constructor({ chains }: ScheduleProfile, isInteresting: (resource: string) => boolean) {
    for (const [path, counts] of Object.entries(chains)) {
      let own = 0;
      for (const [resource, count] of Object.entries(counts)) if (isInteresting(resource)) own += count;
      for (const member of [path, ...ancestors(path)]) {
        this.#byPath.set(member, (this.#byPath.get(member) ?? 0) + own);
      }
    }
    for (const [path, operations] of this.#byPath) {
      const name = nameOf(path);
      const alike = this.#byName.get(name) ?? { tasks: 0, operations: 0 };
      this.#byName.set(name, { tasks: alike.tasks + 1, operations: alike.operations + operations });
    }
  }

  sizeOf(path: string): number {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const alike = this.#byName.get(nameOf(path));
    return alike === undefined ? 0 : Math.ceil(alike.operations / alike.tasks);
  }
}

/** `kv maintenance` of `main/root/node-1/open#2/kv maintenance#3`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/#\d+$/, '');
}

/** The paths above `path`, nearest first. */
function ancestors(path: string): string[] {
  const above: string[] = [];
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
    above.push(path.slice(0, cut));
  }
  return above;
}
