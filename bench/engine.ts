/**
 * What the engine does on the disk of this machine: nothing is simulated.
 *
 *     npm run build && node dist/bench/engine.js [directory]
 *
 * Works in a new directory below the given one (default: the one for temporary files) and removes it.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Assertion, signAssertion, StemeDB } from '../src/engine/index.ts';
import { HybridStore } from '../src/engine/kv/index.ts';
import { Journal } from '../src/engine/wal/index.ts';
import { hostPorts } from '../src/host/index.ts';
import { amount } from './measure.ts';

const ports = hostPorts();
const root = await mkdtemp(`${process.argv[2] ?? tmpdir()}/steme-bench-`);
try {
  await measureJournal(await measureBareSync());
  await measureStore();
  await measureDatabase();
} finally {
  await rm(root, { recursive: true });
}

/** What one sync costs here, which no durable append alone can be faster than. Nanoseconds on average. */
async function measureBareSync(): Promise<number> {
  const file = await open(`${root}/bare`, 'wx');
  const page = new Uint8Array(4096).fill(1);
  const latencies: number[] = [];
  for (let nth = 0; nth < 500; nth += 1) {
    latencies.push(
      await timed(async () => {
        await file.write(page, 0, page.length, nth * page.length);
        await file.sync();
      }),
    );
  }
  await file.close();
  const average = latencies.reduce((sum, nanos) => sum + nanos, 0) / latencies.length;
  tell(
    '4 KiB written and synced, without an engine',
    `${amount(average)} on average; ${quantiles(latencies)}`,
  );
  return average;
}

/** Group commit: the more appends wait together, the fewer syncs each of them needs. */
async function measureJournal(bareSyncNanos: number): Promise<void> {
  tell('\nlog, bodies of 200 bytes');
  for (const appenders of [1, 8, 64, 512]) {
    const journal = await Journal.open(ports, `${root}/log-${appenders}`);
    const body = new Uint8Array(200).fill(7);
    const each = Math.ceil(Math.max(300, 16 * appenders) / appenders);
    const latencies: number[] = [];
    const elapsed = await timed(async () => {
      await concurrently(appenders, async () => {
        for (let nth = 0; nth < each; nth += 1) latencies.push(await timed(() => journal.append(body)));
      });
    });
    await journal.close();
    const perSecond = rate(latencies.length, elapsed);
    const perSync = (latencies.length * bareSyncNanos) / elapsed;
    tell(
      `  ${appenders} at once`,
      `${perSecond} durable appends/s, ${perSync.toFixed(1)} in the time of a bare one; ${quantiles(latencies)}`,
    );
  }
}

async function measureStore(): Promise<void> {
  const count = 50_000;
  const keys = Array.from({ length: count }, (_, nth) =>
    encode(`key ${String((nth * 7919) % count).padStart(8, '0')}`),
  );
  const value = new Uint8Array(100).fill(7);
  const store = await HybridStore.open(ports, `${root}/kv`);
  tell(`\nstore, ${count} keys with values of 100 bytes`);
  const put = await timed(async () => {
    await concurrently(100, async (nth) => {
      for (const key of keys.slice((nth * count) / 100, ((nth + 1) * count) / 100)) {
        await store.batch([{ type: 'put', key, value }]);
      }
    });
  });
  tell('  put, a batch each', `${rate(count, put)}/s`);
  const batched = await timed(async () => {
    for (let from = 0; from < count; from += 1000) {
      await store.batch(keys.slice(from, from + 1000).map((key) => ({ type: 'put', key, value }) as const));
    }
  });
  tell('  put, 1,000 a batch', `${rate(count, batched)}/s`);
  const flushed = await timed(() => store.compact());
  tell('  flush and merge all', `${rate(count, flushed)} entries/s`);
  const got = await timed(async () => {
    for (const key of keys) await store.get(key);
  });
  tell('  get', `${rate(count, got)}/s`);
  const missed = await timed(async () => {
    for (let nth = 0; nth < count; nth += 1) await store.get(encode(`key ${nth} missing`));
  });
  tell('  get what is not there', `${rate(count, missed)}/s`);
  let scanned = 0;
  const scan = await timed(async () => {
    for await (const entry of store.scan()) scanned += entry.key.length > 0 ? 1 : 0;
  });
  tell('  scan', `${rate(scanned, scan)} entries/s`);
  await store.close();
}

async function measureDatabase(): Promise<void> {
  const count = 5000;
  const assertions = makeAssertions(count);
  const config = { directory: `${root}/database` };
  const db = await StemeDB.open(ports, config);
  const submitters = 64;
  tell(`\ndatabase, ${count} claims by ${submitters} at once`);
  const latencies: number[] = [];
  const elapsed = await timed(async () => {
    await concurrently(submitters, async (nth) => {
      for (let at = nth; at < count; at += submitters) {
        latencies.push(await timed(() => db.submit(assertions[at]!)));
      }
    });
    await db.waitUntilOffset(db.durableOffset);
  });
  tell(
    '  verified, durable, verified again, ingested',
    `${rate(count, elapsed)} claims/s; submit ${quantiles(latencies)}`,
  );
  await db.close();
  const opened = await timed(async () => {
    await (await StemeDB.open(ports, config)).close();
  });
  tell('  opened again, recovered and closed', amount(opened));
}

function makeAssertions(count: number): Assertion[] {
  const secretKey = new Uint8Array(32).fill(1);
  return Array.from({ length: count }, (_, nth) =>
    signAssertion(
      {
        subject: `subject ${nth % 500}`,
        predicate: `predicate ${nth % 7}`,
        object: { type: 'number', value: nth },
        lifecycle: 'proposed',
        confidence: 1,
        timestamp: nth,
      },
      [secretKey],
      ports.signatures,
    ),
  );
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Nanoseconds until `work` is done. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - begun);
}

async function concurrently(count: number, work: (nth: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, nth) => work(nth)));
}

function rate(count: number, nanos: number): string {
  return String(Math.round(count / (nanos / 1e9))).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function quantiles(samples: readonly number[]): string {
  const sorted = samples.toSorted((one, other) => one - other);
  const at = (part: number): string => amount(sorted[Math.floor(sorted.length * part)] ?? Number.NaN);
  return `median ${at(0.5)}, p99 ${at(0.99)}`;
}

function tell(what: string, found = ''): void {
  process.stdout.write(`${found === '' ? what : `${what.padEnd(46)} ${found}`}\n`);
}
