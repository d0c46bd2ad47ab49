import type { Pending } from './pending.ts';
import type { TaskOwner } from './sim-task.ts';

/** Owners whose tasks stand still, and what these would run next, in the order of becoming eligible. */
export class Standstill {
  readonly #held = new Map<TaskOwner, Pending[]>();

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  has(owner: TaskOwner): boolean {
    return this.#held.has(owner);
  }

  begin(owner: TaskOwner): void {
    if (!this.#held.has(owner)) this.#held.set(owner, []);
  }

  /** Takes `pending` if its owner stands still. */
  holds(pending: Pending): boolean {
    const held = this.#held.get(pending.task.owner);
    held?.push(pending);
    return held !== undefined;
  }

  /** What was held of `owner`, which is still no longer. */
  end(owner: TaskOwner): readonly Pending[] {
    const held = this.#held.get(owner) ?? [];
    this.#held.delete(owner);
    return held;
  }

  /** Everything that is held. */
  *[Symbol.iterator](): Generator<Pending> {
    for (const held of this.#held.values()) yield* held;
  }
}
