/** What is to be done between two steps. */
export interface Alarm {
  /** It rings before the step after this one. */
  readonly step: number;
  readonly name: string;
  readonly effect: () => void;
}

interface Watch {
  readonly operation: string;
  /** Deliveries until it rings. */
  left: number;
  readonly name: string;
  readonly effect: () => void;
}

/** Alarms by the number of steps made, and by the operations delivered. They ring in that order, then as set. */
export class Alarms {
  #alarms: Alarm[] = [];
  #watches: Watch[] = [];

  /** The step that the next alarm waits for; `Infinity` when none is set. */
  get nextStep(): number {
    return this.#alarms[0]?.step ?? Infinity;
  }

  /** Whether `delivered` has to be told. */
  get areWatching(): boolean {
    return this.#watches.length > 0;
  }

  set(alarm: Alarm): void {
    this.#alarms.push(alarm);
    this.#alarms.sort((one, other) => one.step - other.step);
  }

  /** Rings once `operation` has been delivered `times` more often. */
  watch(operation: string, times: number, name: string, effect: () => void): void {
    this.#watches.push({ operation, left: times, name, effect });
  }

  /** An operation was delivered as step `step`. Returns whether an alarm is set for it. */
  delivered(operation: string, step: number): boolean {
    for (const watch of this.#watches) if (watch.operation === operation) watch.left--;
    if (this.#watches.every(({ left }) => left > 0)) return false;
    for (const { left, name, effect } of this.#watches) if (left === 0) this.set({ step, name, effect });
    this.#watches = this.#watches.filter(({ left }) => left > 0);
    return true;
  }

  /** Takes the next alarm that is to ring when `step` steps are made. */
  takeDue(step: number): Alarm | undefined {
    return this.nextStep <= step ? this.#alarms.shift() : undefined;
  }
}
