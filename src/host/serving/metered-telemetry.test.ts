import { metrics } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { HostTelemetry } from '../host-telemetry.ts';
import { MeteredTelemetry } from './metered-telemetry.ts';

const lines: string[] = [];
const log = new HostTelemetry((line) => lines.push(line));

/** The lines of the text about one metric. */
async function shown(telemetry: MeteredTelemetry, name: string): Promise<string[]> {
  const text = await telemetry.text();
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('MeteredTelemetry', () => {
  it('counts markers and what is logged, and passes that on', async () => {
    const telemetry = new MeteredTelemetry(log);
    telemetry.reached('wal.torn-tail-cut');
    telemetry.reached('wal.torn-tail-cut');
    telemetry.log('warn', 'kv.leftover', { name: 'run-1' });
    expect(await shown(telemetry, 'stemedb_markers_total')).toEqual([
      'stemedb_markers_total{marker="wal.torn-tail-cut"} 2',
    ]);
    expect(await shown(telemetry, 'stemedb_log_events_total')).toEqual([
      'stemedb_log_events_total{level="warn",event="kv.leftover"} 1',
    ]);
    expect(lines).toEqual(['stemedb: warn kv.leftover name=run-1\n']);
  });

  it('shows samples as histograms, in base units', async () => {
    const telemetry = new MeteredTelemetry(log);
    telemetry.measure('wal.group-bytes', 4096);
    telemetry.measure('wal.group-bytes', 5000);
    telemetry.measure('query.view-staleness-ms', 250);
    telemetry.measure('query.candidates', 3);
    telemetry.answered({ method: 'GET', operation: 'query', status: 200, durationMs: 2 });
    telemetry.answered({ method: 'GET', operation: undefined, status: 404, durationMs: 1 });
    expect(await shown(telemetry, 'stemedb_wal_group_bytes_sum')).toEqual([
      'stemedb_wal_group_bytes_sum 9096',
    ]);
    expect(await shown(telemetry, 'stemedb_wal_group_bytes_bucket{le="4096"}')).toEqual([
      'stemedb_wal_group_bytes_bucket{le="4096"} 1',
    ]);
    expect(await shown(telemetry, 'stemedb_query_view_staleness_seconds_sum')).toEqual([
      'stemedb_query_view_staleness_seconds_sum 0.25',
    ]);
    expect(await shown(telemetry, 'stemedb_query_candidates_count')).toEqual([
      'stemedb_query_candidates_count 1',
    ]);
    expect(await shown(telemetry, 'stemedb_http_server_request_seconds_sum')).toEqual([
      'stemedb_http_server_request_seconds_sum{method="GET",operation="query",status="200"} 0.002',
      'stemedb_http_server_request_seconds_sum{method="GET",operation="none",status="404"} 0.001',
    ]);
  });

  it('looks at gauges when it is asked, and leaves out what is not known', async () => {
    const telemetry = new MeteredTelemetry(log);
    let lag: number | undefined = 7;
    telemetry.gauge('ingest.lag-bytes', 'Durable, and not in the store yet.', () => lag);
    expect(await shown(telemetry, 'stemedb_ingest_lag_bytes')).toEqual(['stemedb_ingest_lag_bytes 7']);
    lag = undefined;
    expect(await shown(telemetry, 'stemedb_ingest_lag_bytes')).toEqual([]);
  });

  it('never throws, whatever it is told', async () => {
    const telemetry = new MeteredTelemetry(log);
    telemetry.measure('wal.group-bytes', Number.NaN);
    telemetry.measure('no name for Prometheus!', 1);
    expect(await shown(telemetry, 'stemedb_no')).toEqual([]);
    expect(await shown(telemetry, 'process_cpu_seconds_total')).toHaveLength(1);
  });
});

describe('MeteredTelemetry, with an SDK of OpenTelemetry', () => {
  afterEach(() => metrics.disable());

  it('hands it the same samples', () => {
    const heard: [name: string, value: number, labels: object][] = [];
    const instrument = (name: string) => ({
      add: (value: number, labels: object) => heard.push([name, value, labels]),
      record: (value: number, labels: object) => heard.push([name, value, labels]),
      addCallback: (callback: (result: { observe(value: number): void }) => void) =>
        callback({ observe: (value) => heard.push([name, value, {}]) }),
    });
    const meter = {
      createCounter: instrument,
      createHistogram: instrument,
      createObservableGauge: instrument,
    };
    metrics.setGlobalMeterProvider({ getMeter: () => meter } as never);
    const telemetry = new MeteredTelemetry(log);
    telemetry.reached('wal.rotated');
    telemetry.measure('query.view-staleness-ms', 250);
    telemetry.gauge('ingest.lag-bytes', 'lag', () => 7);
    expect(heard).toEqual([
      ['stemedb.markers', 1, { marker: 'wal.rotated' }],
      ['stemedb.query.view-staleness-ms', 250, {}],
      ['stemedb.ingest.lag-bytes', 7, {}],
    ]);
  });
});
