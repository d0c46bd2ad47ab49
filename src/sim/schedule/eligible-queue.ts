import type { Pending } from './pending.ts';

const initialCapacity = 16;

/**
 * What may be delivered now, in the order of becoming eligible; any position can be taken out and the
 * others keep their order. A ring buffer: removal moves the shorter side, so the ends cost nothing.
 */
export class EligibleQueue {
  #ring: (Pending | undefined)[] = Array.from({ length: initialCapacity });
  #mask = initialCapacity - 1;
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The operation at `index`, which must be in `[0, length)`. */
  at(index: number): Pending {
    return this.#ring[(this.#head + index) & this.#mask]!;
  }

  push(pending: Pending): void {
    if (this.#length > this.#mask) this.#grow();
    this.#ring[(this.#head + this.#length++) & this.#mask] = pending;
  }

  /** Takes out the operation at `index`, which must be in `[0, length)`. */
  take(index: number): Pending {
    const ring = this.#ring;
    const mask = this.#mask;
    const head = this.#head;
    const taken = ring[(head + index) & mask]!;
    if (index * 2 < this.#length) {
      for (let position = index; position > 0; position--) {
        ring[(head + position) & mask] = ring[(head + position - 1) & mask];
      }
      ring[head] = undefined;
      this.#head = (head + 1) & mask;
    } else {
      const last = this.#length - 1;
      for (let position = index; position < last; position++) {
        ring[(head + position) & mask] = ring[(head + position + 1) & mask];
      }
      ring[(head + last) & mask] = undefined;
    }
    this.#length--;
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
    const items = Array.from({ length: this.#length }, (_, index) => this.at(index));
    this.#ring = [...items, ...Array.from({ length: items.length }, () => undefined)];
    this.#mask = this.#ring.length - 1;
    this.#head = 0;
  }
}
