/**
 * What the engine tells about itself. Fire and forget: no method throws, blocks, or changes what the
 * caller does next.
 */
export interface Telemetry {
  /**
   * Counts that a path worth testing was taken, under a stable dotted label such as
   * `wal.torn-tail-cut`. A simulation names the labels that no run reached.
   */
  reached(marker: string): void;

  /** One sample of a quantity; the unit is the last part of the name: `wal.group-bytes`. */
  measure(name: string, value: number): void;

  /** Something an operator should be able to read about later. */
  log(level: LogLevel, event: string, fields?: LogFields): void;
}

export type LogLevel = 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, string | number | boolean>>;
