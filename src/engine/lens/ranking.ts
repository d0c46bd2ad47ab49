/** The best of many in order, and never more than so many. */
export class Ranking<Item> {
  readonly #sizeMax: number;
  readonly #compare: (one: Item, other: Item) => number;
  readonly #best: Item[] = [];

  /** `compare` is negative when `one` is better, and zero for no two items. */
  constructor(sizeMax: number, compare: (one: Item, other: Item) => number) {
    this.#sizeMax = sizeMax;
    this.#compare = compare;
  }

  /** The best first. */
  get best(): readonly Item[] {
    return this.#best;
  }

  offer(item: Item): void {
    const isFull = this.#best.length >= this.#sizeMax;
    if (isFull && this.#compare(this.#best.at(-1)!, item) < 0) return;
    this.#best.splice(this.#placeOf(item), 0, item);
    if (isFull) this.#best.pop();
  }

  /** How many are better. */
  #placeOf(item: Item): number {
    let low = 0;
    let high = this.#best.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#best[middle]!, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
