import type { Pending } from './pending.ts';

/** A binary heap of what is not yet eligible: earliest due first, then first asked. */
export class PendingHeap {
  #items: Pending[] = [];

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** When the earliest that is not called off is due; infinity when there is none. */
  nextDueMicros(): number {
    while (this.#items[0]?.cancelled === true) this.pop();
    return this.#items[0]?.dueMicros ?? Infinity;
  }

  push(item: Pending): void {
    const items = this.#items;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(item, items[parent]!)) break;
      items[index] = items[parent]!;
      index = parent;
    }
    items[index] = item;
  }

  pop(): Pending | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
      if (!before(items[child]!, last)) break;
      items[index] = items[child]!;
      index = child;
    }
    items[index] = last;
    return first;
  }

  /** Everything that is not called off, in no order. */
  *[Symbol.iterator](): Generator<Pending> {
    for (const item of this.#items) if (!item.cancelled) yield item;
  }

  /** Drops every item for which `doomed` holds. */
  remove(doomed: (item: Pending) => boolean): void {
    const kept = this.#items.filter((item) => !doomed(item));
    if (kept.length === this.#items.length) return;
    this.#items = [];
    for (const item of kept) this.push(item);
  }
}

function before(one: Pending, other: Pending): boolean {
  return (
    one.dueMicros < other.dueMicros || (one.dueMicros === other.dueMicros && one.sequence < other.sequence)
  );
}
