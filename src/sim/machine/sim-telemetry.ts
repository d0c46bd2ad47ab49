import type { LogFields, LogLevel, Telemetry } from '../../ports/index.ts';
import type { Kernel } from '../schedule/index.ts';
import { Measure } from './measure.ts';

/** What a world keeps of its processes' telemetry: counts always, log lines only in a full trace. */
export class SimTelemetry implements Telemetry {
  readonly #kernel: Kernel;
  readonly #markers = new Map<string, number>();
  readonly #measures = new Map<string, Measure>();
  readonly #listeners: ((text: string) => void)[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  reached(marker: string): void {
    this.#markers.set(marker, (this.#markers.get(marker) ?? 0) + 1);
  }

  measure(name: string, value: number): void {
    let measure = this.#measures.get(name);
    if (measure === undefined) {
      measure = new Measure();
      this.#measures.set(name, measure);
    }
    measure.add(value);
  }

  log(level: LogLevel, event: string, fields?: LogFields): void {
    const text = (): string => `${level} ${event} ${JSON.stringify(fields ?? {})}`;
    this.#kernel.note(text);
    if (level !== 'info') for (const listener of this.#listeners) listener(text());
  }

  /** Calls `listener` with each warning and error, within the step in which it is logged. */
  onTrouble(listener: (text: string) => void): void {
    this.#listeners.push(listener);
  }

  /** How often each marker was reached, by label in order. */
  markers(): Record<string, number> {
    return Object.fromEntries([...this.#markers].toSorted(byName));
  }

  /** What was measured, by name in order. */
  measures(): Record<string, Measure> {
    return Object.fromEntries([...this.#measures].toSorted(byName));
  }
}

function byName(one: readonly [string, unknown], other: readonly [string, unknown]): number {
  return one[0] < other[0] ? -1 : 1;
}
