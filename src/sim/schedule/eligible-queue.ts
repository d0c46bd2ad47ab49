import type { Pending } from './pending.ts';

const initialCapacity = 16;

/**
 * What may be delivered now, in the order of becoming eligible; any position can be taken out and the
 * others keep their order. The order is a ring of slot numbers, not of the operations themselves: moving
 * numbers costs no write barrier. Removal moves the shorter side, so the ends cost nothing.
 */
export class EligibleQueue {
  readonly #slots: (Pending | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  #ring = new Int32Array(initialCapacity);
  #mask = initialCapacity - 1;
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The operation at `index`, which must be in `[0, length)`. */
  at(index: number): Pending {
    return this.#slots[this.#ring[(this.#head + index) & this.#mask]!]!;
  }

  push(pending: Pending): void {
    if (this.#length > this.#mask) this.#grow();
    const slot = this.#freeSlots.pop() ?? this.#slots.length;
    this.#slots[slot] = pending;
    this.#ring[(this.#head + this.#length++) & this.#mask] = slot;
  }

  /** Takes out the operation at `index`, which must be in `[0, length)`. */
  take(index: number): Pending {
    const ring = this.#ring;
    const mask = this.#mask;
    const head = this.#head;
    const slot = ring[(head + index) & mask]!;
    if (index * 2 < this.#length) {
      for (let position = index; position > 0; position--) {
        ring[(head + position) & mask] = ring[(head + position - 1) & mask]!;
      }
      this.#head = (head + 1) & mask;
    } else {
      const last = this.#length - 1;
      for (let position = index; position < last; position++) {
        ring[(head + position) & mask] = ring[(head + position + 1) & mask]!;
      }
    }
    this.#length--;
    const taken = this.#slots[slot]!;
    this.#slots[slot] = undefined;
    this.#freeSlots.push(slot);
    return taken;
  }

  /** Drops every operation for which `doomed` holds. */
  remove(doomed: (pending: Pending) => boolean): void {
    for (let left = this.#length; left > 0; left--) {
      const pending = this.take(0);
      if (!doomed(pending)) this.push(pending);
    }
  }

  #grow(): void {
    const ring = new Int32Array(2 * this.#ring.length);
    for (let index = 0; index < this.#length; index++) {
      ring[index] = this.#ring[(this.#head + index) & this.#mask]!;
    }
    this.#ring = ring;
    this.#mask = ring.length - 1;
    this.#head = 0;
  }
}
