import type { LogFields, LogLevel, Telemetry } from '../../ports/index.ts';
import type { Kernel } from '../schedule/index.ts';

/** What a world keeps of its processes' telemetry: counts always, log lines only in a full trace. */
export class SimTelemetry implements Telemetry {
  readonly #kernel: Kernel;
  readonly #markers = new Map<string, number>();
  readonly #measures = new Map<string, Measure>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  reached(marker: string): void {
    this.#markers.set(marker, (this.#markers.get(marker) ?? 0) + 1);
  }

  measure(name: string, value: number): void {
    const measure = this.#measures.get(name);
    if (measure === undefined) {
      this.#measures.set(name, { count: 1, sum: value, max: value });
    } else {
      measure.count++;
      measure.sum += value;
      measure.max = Math.max(measure.max, value);
    }
  }

  log(level: LogLevel, event: string, fields?: LogFields): void {
    this.#kernel.note(() => `${level} ${event} ${JSON.stringify(fields ?? {})}`);
  }

  /** How often each marker was reached, by label in order. */
  markers(): Record<string, number> {
    return Object.fromEntries([...this.#markers].toSorted(byName));
  }

  /** Count, sum and greatest value of each measure, by name in order. */
  measures(): Record<string, Readonly<Measure>> {
    return Object.fromEntries([...this.#measures].toSorted(byName));
  }
}

export interface Measure {
  count: number;
  sum: number;
  max: number;
}

function byName(one: readonly [string, unknown], other: readonly [string, unknown]): number {
  return one[0] < other[0] ? -1 : 1;
}
