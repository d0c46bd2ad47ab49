import type { LogFields, LogLevel, Telemetry } from '../ports/index.ts';

/** Tells people of what has gone wrong, a line each; markers and measures are for simulations. */
export class HostTelemetry implements Telemetry {
  readonly #write: (line: string) => void;

  /** `write` takes a line with its end; by default to standard error. What it throws is dropped. */
  constructor(write: (line: string) => void = (line) => void process.stderr.write(line)) {
    this.#write = write;
  }

  reached(_marker: string): void {}

  measure(_name: string, _value: number): void {}

  log(level: LogLevel, event: string, fields: LogFields = {}): void {
    if (level === 'info') return;
    const words = Object.entries(fields).map(([name, value]) => `${name}=${wordOf(value)}`);
    try {
      this.#write(`stemedb: ${[level, event, ...words].join(' ')}\n`);
    } catch {
      // Telling must never change what the caller does next, and there is nobody left to tell.
    }
  }
}

/** As it is, or in quotes when it would not stand as one word on one line. */
function wordOf(value: string | number | boolean): string {
  const text = String(value);
  return /^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(text);
}
