import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { InvariantError } from '../errors.ts';
import { DatabaseClosedError, HashCollisionError, IngestStoppedError } from '../ingest/index.ts';
import { StoreCorruptError, StoreIndeterminateError, StoreIoError, StorePoisonedError } from '../kv/index.ts';
import { settle } from '../kv/kv.test-support.ts';
import { WalBusyError, WalPoisonedError } from '../wal/index.ts';
import { ApiBench, type Answered, answered, base, signed } from './api.test-support.ts';
import { STATUS_OF_CODE } from './status.ts';

let bench: ApiBench;
let writer: string;

beforeEach(async () => {
  bench = await ApiBench.start({ limits: { deadlineMs: 1000 } });
  writer = await bench.key(['writer']);
});

const zeros = '0'.repeat(64);
const never = () => new Promise<void>(() => undefined);

const submit = (query = '') => bench.send('POST', `/v1/assertions${query}`, { key: writer, body: signed() });
const read = () => bench.send('GET', `/v1/votes/${zeros}`, { key: writer });

/** The answer to a request that nothing but the deadline ends. */
async function afterDeadline(request: Promise<Answered>): Promise<Answered> {
  await settle();
  expect(bench.clock.nextTimerMs).toBe(1000);
  bench.clock.advance(1000);
  return request;
}

describe('when the database fails', () => {
  it.each<[Error, number, boolean]>([
    [new WalPoisonedError(true, new Error('EIO /data/wal')), 503, true],
    [new WalPoisonedError(false, new Error('EIO /data/wal')), 503, false],
    [new WalBusyError(9), 503, false],
    [new DatabaseClosedError(), 503, false],
    [new StorePoisonedError(new Error('EIO /data/kv')), 503, false],
    [new StoreIndeterminateError(new Error('EIO /data/kv')), 503, true],
    [new StoreIoError('read', '/data/kv/run', new Error('EIO')), 503, true],
    [new HashCollisionError(new Uint8Array(32)), 409, false],
    [new InvariantError('something'), 500, true],
    [new TypeError('undefined is not a function'), 500, true],
  ])('with %s, a write says whether it may have taken effect', async (failure, status, indeterminate) => {
    bench.database.failure = failure;
    const failed = await submit();
    expect(failed).toBeProblem(status, (failure as { code?: string }).code ?? 'STEME_INTERNAL');
    expect(failed.json.indeterminate).toBe(indeterminate || undefined);
    expect(failed.text).not.toMatch(/data|EIO|function/);
    const { json } = await read();
    expect(json.indeterminate).toBeUndefined();
  });

  it('because it is busy, the answer says when to come again', async () => {
    bench.database.failure = new WalBusyError(9);
    expect((await submit()).headers.get('retry-after')).toBe('1');
  });

  it('for good, it is not ready any more', async () => {
    bench.database.failure = new StoreCorruptError('/data/kv', 0, 'rot');
    await read();
    expect((await bench.send('GET', '/v1/health')).status).toBe(200);
    bench.database.failure = new WalPoisonedError(true, new Error('EIO'));
    await submit();
    expect(await bench.send('GET', '/v1/health')).toBeProblem(503, 'STEME_NOT_READY');
  });

  it('at ingest, what is durable is acknowledged all the same, with 202', async () => {
    bench.database.ingestGate = async () => {
      throw new IngestStoppedError(new Error('no space'));
    };
    const { status, json, headers } = await submit('?wait=ingested');
    expect(status).toBe(202);
    expect(json).toMatchObject({ offset: 0, endOffset: bench.database.durableOffset });
    expect(headers.get('location')).toBe(`/v1/assertions/${json.hash}`);
  });
});

describe('at the deadline', () => {
  it('a read is answered with 503, and nothing is open', async () => {
    bench.database.gate = never;
    const late = await afterDeadline(read());
    expect(late).toBeProblem(503, 'STEME_DEADLINE_PASSED');
    expect(late.json.indeterminate).toBeUndefined();
  });

  it('a write that has begun is answered with 503 and indeterminate', async () => {
    bench.database.gate = never;
    const late = await afterDeadline(submit());
    expect(late).toBeProblem(503, 'STEME_DEADLINE_PASSED');
    expect(late.json.indeterminate).toBe(true);
  });

  it('a write that is durable and waits to be ingested is acknowledged with 202', async () => {
    bench.database.ingestGate = never;
    const { status, json } = await afterDeadline(submit('?wait=ingested'));
    expect([status, json.offset]).toEqual([202, 0]);
  });

  it('a write that has not begun is answered with 503, and never begins', async () => {
    let release!: () => void;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { access } = bench;
    const charge = access.charge.bind(access);
    access.charge = async (key, cost) => {
      await gate;
      await charge(key, cost);
    };
    const late = await afterDeadline(submit());
    expect(late).toBeProblem(503, 'STEME_DEADLINE_PASSED');
    expect(late.json.indeterminate).toBeUndefined();
    release();
    await settle();
    expect(bench.database.calls).toBe(0);
  });

  it('a body that is not here is answered with 408', async () => {
    const body = new ReadableStream<Uint8Array>({ pull: never });
    const headers = { Authorization: `Bearer ${writer}`, 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    const request = bench.fetch(new Request(`${base}/v1/assertions`, init)).then(answered);
    expect(await afterDeadline(request)).toBeProblem(408, 'STEME_BODY_TOO_SLOW');
  });

  it('nothing is left running of a request that was in time', async () => {
    await read();
    expect(bench.clock.nextTimerMs).toBeUndefined();
  });
});

describe('the table of statuses', () => {
  it('has every code that the engine can fail with, and no other', () => {
    const engine = new URL('../', import.meta.url);
    const files = readdirSync(engine, { recursive: true, encoding: 'utf8' });
    const sources = files.filter(
      (name) => name.endsWith('.ts') && !/(test|test-support|conformance)\.ts$/.test(name),
    );
    const codes = new Set<string>();
    for (const name of sources) {
      // Codes of the client never come from a server.
      if (name === 'api/client-errors.ts') continue;
      const text = readFileSync(new URL(name, engine), 'utf8');
      for (const [code] of text.matchAll(/\bSTEME_[A-Z0-9_]+\b/g)) codes.add(code);
    }
    expect(sources.length).toBeGreaterThan(100);
    expect(Object.keys(STATUS_OF_CODE).toSorted()).toEqual([...codes].toSorted());
  });
});
