import type { Parked, Scheduler } from '../scheduler.ts';

/** A bounded first-in-first-out queue between tasks. */
export class Channel<T> {
  readonly #scheduler: Scheduler;
  readonly #name: string;
  readonly #capacity: number;
  readonly #items: T[] = [];
  readonly #senders: { readonly item: T; readonly parked: Parked<boolean> }[] = [];
  readonly #receivers: Parked<T | undefined>[] = [];
  #closed = false;

  constructor(scheduler: Scheduler, name: string, capacity: number) {
    this.#scheduler = scheduler;
    this.#name = name;
    this.#capacity = capacity;
  }

  /** Resolves `true` once the item is in the queue or taken, `false` when the channel is closed. */
  async send(item: T): Promise<boolean> {
    if (this.#closed) return false;
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) {
      receiver.wake(item);
      return true;
    }
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
      return true;
    }
    const parked = this.#scheduler.park<boolean>(`room in channel ${this.#name}`);
    this.#senders.push({ item, parked });
    return parked.promise;
  }

  /** The next item, or `undefined` once the channel is closed and empty. */
  async receive(): Promise<T | undefined> {
    if (this.#items.length > 0) {
      const item = this.#items.shift();
      const sender = this.#senders.shift();
      if (sender !== undefined) {
        this.#items.push(sender.item);
        sender.parked.wake(true);
      }
      return item;
    }
    const sender = this.#senders.shift();
    if (sender !== undefined) {
      sender.parked.wake(true);
      return sender.item;
    }
    if (this.#closed) return undefined;
    const parked = this.#scheduler.park<T | undefined>(`an item in channel ${this.#name}`);
    this.#receivers.push(parked);
    return parked.promise;
  }

  /** Refuses further items; what is queued can still be received; waiting senders get `false`. */
  close(): void {
    this.#closed = true;
    for (const sender of this.#senders.splice(0)) sender.parked.wake(false);
    for (const receiver of this.#receivers.splice(0)) receiver.wake(undefined);
  }
}
