/**
 * One thing that a user of the system did or saw. `invoke` begins an operation; `ok` means it took
 * effect, `fail` that it did not, `info` that nobody knows.
 */
export interface HistoryEvent {
  readonly kind: 'invoke' | 'ok' | 'fail' | 'info' | 'fault';
  readonly step: number;
  /** Virtual microseconds. */
  readonly timeMicros: number;
  readonly actor: string;
  /** In plain words: `submits "Tesla revenue 96.7"`. */
  readonly text: string;
}

/** What the users of the system did, in order: what oracles judge and people read. */
export class History {
  readonly #events: HistoryEvent[] = [];
  readonly #operations = new Map<string, number>();

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  record(event: HistoryEvent): void {
    this.#events.push(event);
  }

  /** Counts an operation of that name. */
  count(operation: string): void {
    this.#operations.set(operation, (this.#operations.get(operation) ?? 0) + 1);
  }

  /** How many operations of each name were invoked, by name in order. */
  operations(): Record<string, number> {
    return Object.fromEntries([...this.#operations].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }
}
