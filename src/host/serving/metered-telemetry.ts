import {
  type Attributes,
  type Counter as OtelCounter,
  type Histogram as OtelHistogram,
  metrics,
} from '@opentelemetry/api';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LogFields, LogLevel, Telemetry } from '../../ports/index.ts';
import type { AnsweredRequest } from './http-server.ts';

/**
 * Counts what the engine tells, for whoever watches: as Prometheus text, and into the meters of OpenTelemetry,
 * which go wherever the SDK that was registered before this was made takes them, and nowhere without one.
 *
 * `wal.group-bytes` is `stemedb_wal_group_bytes` in Prometheus; what ends in `-ms` is in seconds there, as
 * is the custom. Logs go on to `log` as well.
 */
export class MeteredTelemetry implements Telemetry {
  readonly #registry = new Registry();
  readonly #log: Telemetry;
  readonly #meter = metrics.getMeter('stemedb');
  readonly #markers: Counted<'marker'>;
  readonly #events: Counted<'level' | 'event'>;
  readonly #requests: Sampled<'method' | 'operation' | 'status'>;
  readonly #samples = new Map<string, Sampled<never>>();

  constructor(log: Telemetry) {
    this.#log = log;
    this.#markers = this.#counted('markers', 'Paths of the engine that were taken.', ['marker']);
    this.#events = this.#counted('log_events', 'What the engine has logged.', ['level', 'event']);
    this.#requests = this.#sampled('http.server.request-ms', 'Requests until their answer was sent.', [
      'method',
      'operation',
      'status',
    ]);
    collectDefaultMetrics({ register: this.#registry });
  }

  reached(marker: string): void {
    quietly(() => this.#markers.add({ marker }));
  }

  measure(name: string, value: number): void {
    quietly(() => {
      let sampled = this.#samples.get(name);
      if (sampled === undefined) {
        sampled = this.#sampled(name, `${name}, as the engine measures it.`, []);
        this.#samples.set(name, sampled);
      }
      sampled.add(value, {});
    });
  }

  log(level: LogLevel, event: string, fields?: LogFields): void {
    quietly(() => this.#events.add({ level, event }));
    this.#log.log(level, event, fields);
  }

  answered({ method, operation = 'none', status, durationMs }: AnsweredRequest): void {
    quietly(() => this.#requests.add(durationMs, { method, operation, status: String(status) }));
  }

  /** A quantity that is looked at whenever somebody asks: `ingest.lag-bytes-now`. `undefined`: not known now. */
  gauge(name: string, help: string, read: () => number | undefined): void {
    const gauge = new Gauge({
      name: `stemedb_${name.replaceAll(/[.-]/g, '_')}`,
      help,
      registers: [],
      collect() {
        const value = read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
    this.#registry.registerMetric(gauge);
    this.#meter.createObservableGauge(`stemedb.${name}`, { description: help }).addCallback((result) => {
      const value = read();
      if (value !== undefined) result.observe(value);
    });
  }

  /** Everything, in the text format 0.0.4 of Prometheus. */
  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  #counted<Label extends string>(name: string, help: string, labelNames: Label[]): Counted<Label> {
    const registers = [this.#registry];
    const counter = new Counter({ name: `stemedb_${name}_total`, help, labelNames, registers });
    const otel: OtelCounter = this.#meter.createCounter(`stemedb.${name}`, { description: help });
    return {
      add: (labels) => {
        counter.inc(labels);
        otel.add(1, labels);
      },
    };
  }

  #sampled<Label extends string>(name: string, help: string, labelNames: Label[]): Sampled<Label> {
    const { scale, suffix, otelUnit, buckets } = unitOf(name);
    const histogram = new Histogram({
      name: `stemedb_${name.replace(/-ms$/, '').replaceAll(/[.-]/g, '_')}${suffix}`,
      help,
      labelNames,
      buckets,
      registers: [this.#registry],
    });
    const otel: OtelHistogram = this.#meter.createHistogram(`stemedb.${name}`, {
      description: help,
      unit: otelUnit,
    });
    return {
      add: (value, labels) => {
        histogram.observe(labels, value * scale);
        otel.record(value, labels);
      },
    };
  }
}

type Labels<Label extends string> = Attributes & Readonly<Partial<Record<Label, string>>>;

interface Counted<Label extends string> {
  add(labels: Labels<Label>): void;
}

interface Sampled<Label extends string> {
  add(value: number, labels: Labels<Label>): void;
}

interface Unit {
  /** From what the engine tells to what Prometheus is told. */
  readonly scale: number;
  readonly suffix: string;
  readonly otelUnit: string;
  readonly buckets: number[];
}

/** The unit is the last part of the name. */
function unitOf(name: string): Unit {
  if (name.endsWith('-ms')) {
    const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    return { scale: 1 / 1000, suffix: '_seconds', otelUnit: 'ms', buckets };
  }
  if (name.endsWith('-bytes')) {
    const buckets = Array.from({ length: 12 }, (_, power) => 256 * 4 ** power);
    return { scale: 1, suffix: '', otelUnit: 'By', buckets };
  }
  const buckets = [0, 1, 2, 5, 10, 20, 50, 100, 1000, 10_000, 100_000, 1_000_000];
  return { scale: 1, suffix: '', otelUnit: '1', buckets };
}

/** Counting must never change what the caller does next. */
function quietly(count: () => void): void {
  try {
    count();
  } catch {
    // A sample that is no number, or a name that Prometheus does not take: there is nothing to be counted.
  }
}
