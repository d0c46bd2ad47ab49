import type { Pending } from './pending.ts';

const initialRoom = 16;

/**
 * What may be delivered now, in the order of becoming eligible; any position can be taken out and the
 * others keep their order. The order is kept in slot numbers, not in the operations themselves: moving
 * numbers costs no write barrier.
 */
export class EligibleQueue {
  /** By slot. */
  readonly #operations: (Pending | undefined)[] = [];
  /** Every slot once: those in line from `#head` to `#end`, and the free ones around them. */
  #slots = new Int32Array(0);
  #head = 0;
  #end = 0;
  /** No push beyond this without making room. */
  #limit = 0;
  /** How many may be in line before it grows. */
  #room = 0;

  constructor() {
    this.#grow(initialRoom);
    this.#limit = initialRoom;
  }

  get length(): number {
    return this.#end - this.#head;
  }

  /** The operation at `index`, which must be in `[0, length)`. */
  at(index: number): Pending {
    return this.#operations[this.#slots[this.#head + index]!]!;
  }

  push(pending: Pending): void {
    if (this.#end === this.#limit) this.#makeRoom();
    this.#operations[this.#slots[this.#end++]!] = pending;
  }

  /** Takes out the operation at `index`, which must be in `[0, length)`. */
  delete(index: number): void {
    const position = this.#head + index;
    const slot = this.#slots[position]!;
    this.#operations[slot] = undefined;
    if (index === 0) this.#head++;
    else this.#moveUp(position, slot);
  }

  /** Drops every operation for which `doomed` holds. */
  remove(doomed: (pending: Pending) => boolean): void {
    for (let left = this.length; left > 0; left--) {
      const pending = this.at(0);
      this.delete(0);
      if (!doomed(pending)) this.push(pending);
    }
  }

  /**
   * Closes the gap at `position` and frees its slot. It moves `#room` numbers, free slots among them, rather
   * than only those behind the gap: a copy that is always as long is predicted by the processor.
   */
  #moveUp(position: number, slot: number): void {
    const last = position + this.#room;
    this.#slots.copyWithin(position, position + 1, last + 1);
    this.#slots[last] = slot;
    this.#end--;
  }

  #makeRoom(): void {
    if (this.length === this.#room) this.#grow(2 * this.#room);
    else if (this.#end === 2 * this.#room) this.#moveToFront();
    this.#limit = Math.min(this.#head + this.#room, 2 * this.#room);
  }

  /** Three times `room` slots: the line ends before twice the room, and a move from there takes another. */
  #grow(room: number): void {
    const slots = new Int32Array(3 * room);
    slots.set(this.#slots);
    for (let slot = this.#slots.length; slot < slots.length; slot++) {
      slots[slot] = slot;
      this.#operations.push(undefined);
    }
    this.#slots = slots;
    this.#room = room;
  }

  /** The line trades places with free slots: at least `#room` of them are before it. */
  #moveToFront(): void {
    const slots = this.#slots;
    const { length } = this;
    for (let index = 0; index < length; index++) {
      const free = slots[index]!;
      slots[index] = slots[this.#head + index]!;
      slots[this.#head + index] = free;
    }
    this.#head = 0;
    this.#end = length;
  }
}
