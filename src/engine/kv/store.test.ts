import { describe, expect, it } from 'vitest';
import { counterMax, decodeCounter, encodeCounter } from './counters.ts';
import type { Operation } from './key-value-store.ts';
import { bytes, list, settle, TestMachine, text, withResolvers } from './kv.test-support.ts';
import { decodeLogRecord } from './log-record.ts';
import { runName } from './names.ts';
import type { HybridStore } from './store.ts';

function put(key: string, value: string): Operation {
  return { type: 'put', key: bytes(key), value: bytes(value) };
}

function increment(key: string, delta: bigint | number): Operation {
  return { type: 'increment', key: bytes(key), delta };
}

function remove(key: string): Operation {
  return { type: 'delete', key: bytes(key) };
}

async function get(store: Pick<HybridStore, 'get'>, key: string): Promise<string | undefined> {
  return text(await store.get(bytes(key)));
}

async function count(store: HybridStore, key: string): Promise<bigint | undefined> {
  const value = await store.get(bytes(key));
  return value && decodeCounter(value);
}

describe('a batch', () => {
  it('is applied in order, and later operations see earlier ones', async () => {
    const store = await new TestMachine().open();
    await store.batch([put('a', '1'), put('a', '2'), remove('b'), put('b', '3'), put('c', '4'), remove('c')]);
    expect(await list(store)).toEqual(['a=2', 'b=3']);
    await store.batch([remove('n'), increment('n', 2), increment('n', -5n)]);
    expect(await count(store, 'n')).toBe(-3n);
  });

  it('is applied as a whole or not at all', async () => {
    const store = await new TestMachine().open();
    await store.batch([
      put('text', 'no counter'),
      { type: 'put', key: bytes('full'), value: encodeCounter(counterMax) },
    ]);
    const refused = { code: 'STEME_KV_COUNTER' };
    await expect(store.batch([put('a', '1'), increment('text', 1), put('b', '1')])).rejects.toMatchObject(
      refused,
    );
    await expect(store.batch([put('a', '1'), increment('full', 1)])).rejects.toMatchObject(refused);
    expect(await list(store, { prefix: bytes('a') })).toEqual([]);
    await store.batch([increment('full', -1)]);
    expect(await count(store, 'full')).toBe(counterMax - 1n);
  });

  it('that is refused leaves those that were written together with it alone', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([put('text', 'no counter')]);
    const outcomes = await Promise.allSettled([
      store.batch([put('a', '1')]),
      store.batch([put('a', '2'), increment('n', 1)]),
      store.batch([put('a', '3'), increment('n', 1), increment('text', 1)]),
      store.batch([put('b', '4')]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await list(store, { to: bytes('c') })).toEqual(['a=2', 'b=4']);
    expect(await count(store, 'n')).toBe(1n);
  });

  it('does not change when its arrays do, nor does the store when those that it gives out do', async () => {
    const store = await new TestMachine().open();
    const key = bytes('key');
    const value = bytes('value');
    const written = store.batch([{ type: 'put', key, value }]);
    key.fill(0);
    value.fill(0);
    await written;
    (await store.get(bytes('key')))?.fill(0);
    for await (const entry of store.scan()) {
      entry.key.fill(0);
      entry.value.fill(0);
    }
    expect(await list(store)).toEqual(['key=value']);
  });

  it.each<[string, readonly Operation[]]>([
    ['a key too long', [{ type: 'delete', key: new Uint8Array(65_536) }]],
    ['a delta that is no integer', [increment('n', 0.5)]],
    ['a delta too large to be exact', [increment('n', 2 ** 53)]],
    ['too many bytes', [put('k', 'v'.repeat(1000))]],
    ['a key that is no array', [{ type: 'delete', key: 'text' as unknown as Uint8Array }]],
  ])('is refused with %s', async (_, operations) => {
    const store = await new TestMachine().open({ batchBytesMax: 1000 });
    await expect(store.batch(operations)).rejects.toMatchObject({ code: 'STEME_KV_BATCH' });
    expect(store.stats().logOffset).toBe(0);
  });

  it('may have a key of 65,535 bytes, and an empty one', async () => {
    const store = await new TestMachine().open();
    const long = new Uint8Array(65_535).fill(0xff);
    await store.batch([
      { type: 'put', key: long, value: bytes('long') },
      { type: 'put', key: new Uint8Array(0), value: bytes('empty') },
    ]);
    await store.compact();
    expect(text(await store.get(long))).toBe('long');
    expect(text(await store.get(new Uint8Array(0)))).toBe('empty');
  });

  it('that was written while another one was on its way shares a record with its like', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    const gate = withResolvers<void>();
    machine.log.gate = gate.promise;
    const first = store.batch([increment('n', 1), put('first', 'x')]);
    await settle();
    const rest = ['second', 'third'].map((key) => store.batch([increment('n', 1), put(key, 'x')]));
    await settle();
    expect(await get(store, 'first')).toBeUndefined();
    gate.resolve();
    await Promise.all([first, ...rest]);
    expect(machine.log.bodies).toHaveLength(2);
    expect(await count(store, 'n')).toBe(3n);
  });

  it('logs counters as plain values, so that replaying a record again counts nothing twice', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([increment('n', 3)]);
    await store.batch([increment('n', 4)]);
    const storeId = machine.read('manifest-00000001').slice(16, 24);
    const values = machine.log.bodies.map((body) => {
      const entries = decodeLogRecord(body, storeId);
      return typeof entries === 'string' ? entries : entries.value(0);
    });
    expect(values).toEqual([encodeCounter(3n), encodeCounter(7n)]);
  });
});

describe('sync', () => {
  it('makes a batch durable, and all before it; without it nothing is', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([put('a', '1')]);
    expect(store.stats().logDurableOffset).toBe(0);
    await store.batch([put('b', '2')], { sync: true });
    expect(store.stats().logDurableOffset).toBe(store.stats().logOffset);
    await store.batch([put('c', '3')]);
    await store.batch([], { sync: true });
    expect(store.stats().logDurableOffset).toBe(store.stats().logOffset);
  });

  it('is done once for all batches of a group when one of them asks for it', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    const gate = withResolvers<void>();
    machine.log.gate = gate.promise;
    const first = store.batch([put('a', '1')]);
    const rest = [store.batch([put('b', '2')]), store.batch([put('c', '3')], { sync: true })];
    await settle();
    gate.resolve();
    await Promise.all([first, ...rest]);
    expect(store.stats().logDurableOffset).toBe(store.stats().logOffset);
  });
});

describe('compareAndSwap', () => {
  it('changes a key only from what was expected, absence included', async () => {
    const store = await new TestMachine().open();
    const key = bytes('key');
    expect(await store.compareAndSwap(key, bytes('old'), bytes('new'))).toBe(false);
    expect(await store.compareAndSwap(key, undefined, bytes('1'))).toBe(true);
    expect(await store.compareAndSwap(key, undefined, bytes('2'))).toBe(false);
    expect(await store.compareAndSwap(key, bytes('1'), bytes('2'))).toBe(true);
    expect(await get(store, 'key')).toBe('2');
    expect(await store.compareAndSwap(key, bytes('2'), undefined)).toBe(true);
    expect(await store.compareAndSwap(key, undefined, undefined)).toBe(true);
    expect(await list(store)).toEqual([]);
  });

  it('lets exactly one of many win', async () => {
    const store = await new TestMachine().open();
    const swaps = Array.from({ length: 20 }, (_, at) =>
      store.compareAndSwap(bytes('k'), undefined, bytes(`${at}`)),
    );
    expect(await Promise.all(swaps)).toEqual([true, ...Array.from({ length: 19 }, () => false)]);
  });
});

describe('a scan', () => {
  it('goes by pages', async () => {
    const store = await new TestMachine().open();
    await store.batch(['a', 'b1', 'b2', 'b3', 'c'].map((key) => put(key, 'x')));
    const prefix = bytes('b');
    expect(await list(store, { prefix, limit: 2 })).toEqual(['b1=x', 'b2=x']);
    expect(await list(store, { prefix, after: bytes('b2'), limit: 2 })).toEqual(['b3=x']);
    expect(await list(store, { from: bytes('b2'), to: bytes('c') })).toEqual(['b2=x', 'b3=x']);
    expect(await list(store, { from: bytes('c'), to: bytes('b') })).toEqual([]);
    expect(await list(store, { limit: 0 })).toEqual([]);
  });

  it('sees one moment, whatever is written, flushed and merged meanwhile', async () => {
    const store = await new TestMachine().open({ runsMax: 2, blockBytes: 64 });
    for (let run = 0; run < 3; run += 1) {
      await store.batch(Array.from({ length: 20 }, (_, at) => put(`key ${10 + at}`, `${run}`)));
      await store.flush();
    }
    const expected = await list(store);
    const seen: string[] = [];
    for await (const { key, value } of store.scan()) {
      seen.push(`${text(key)}=${text(value)}`);
      await store.batch([put(`${text(key)}!`, 'added'), put(text(key) ?? '', 'changed'), remove('key 25')]);
      if (seen.length % 5 === 0) await store.compact();
    }
    expect(seen).toEqual(expected);
  });

  it('keeps its files until it ends, also when it is left early, and no longer', async () => {
    const machine = new TestMachine();
    const store = await machine.open({ blockBytes: 64 });
    await store.batch(Array.from({ length: 50 }, (_, at) => put(`key ${at}`, 'x')));
    await store.flush();
    for await (const entry of store.scan()) {
      expect(entry.key.length).toBeGreaterThan(0);
      await store.batch([put('another', 'x')]);
      await store.compact();
      expect(machine.names()).toContain(runName(1));
      expect(store.stats().openRuns).toBe(2);
      break;
    }
    await settle();
    expect(machine.names()).not.toContain(runName(1));
    expect(store.stats().openRuns).toBe(1);
  });

  it('holds nothing before the first entry is asked for, and nothing after the last', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([put('a', '1')]);
    await store.flush();
    const iterator = store.scan();
    await store.batch([put('b', '2')]);
    await store.compact();
    await settle();
    expect(machine.names()).toEqual(['manifest-00000004', runName(3)]);
    expect((await iterator.next()).done).toBe(false);
    expect((await iterator.next()).done).toBe(false);
    expect((await iterator.next()).done).toBe(true);
    await store.compact();
    expect(store.stats().openRuns).toBe(1);
  });
});

describe('a snapshot', () => {
  it('stays as it was, and its files with it until it is closed', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([put('a', '1'), put('b', '1')]);
    await store.flush();
    await store.batch([put('b', '2')]);
    const snapshot = store.snapshot();
    await store.batch([put('a', '3'), remove('b'), put('c', '3')]);
    await store.compact();
    expect(await list(store)).toEqual(['a=3', 'c=3']);
    expect(await list(snapshot)).toEqual(['a=1', 'b=2']);
    expect(await get(snapshot, 'b')).toBe('2');
    expect(await get(snapshot, 'c')).toBeUndefined();
    const half = snapshot.scan();
    await half.next();
    snapshot.close();
    snapshot.close();
    await expect(snapshot.get(bytes('a'))).rejects.toMatchObject({ code: 'STEME_KV_CLOSED' });
    // A scan that is under way holds its files on its own.
    expect(text((await half.next()).value?.key)).toBe('b');
    await half.return?.();
    await settle();
    expect(store.stats().openRuns).toBe(1);
    expect(machine.names()).toHaveLength(2);
  });
});

describe('the memory table', () => {
  it('is flushed when it is full, and the log before it goes', async () => {
    const machine = new TestMachine();
    const store = await machine.open({ memtableBytes: 2000 });
    for (let at = 0; at < 100; at += 1) await store.batch([put(`key ${at}`, 'value')]);
    await settle();
    expect(store.stats().runs).toBeGreaterThan(2);
    expect(store.stats().memtableBytes).toBeLessThan(2200);
    expect(machine.log.bodies.length).toBeLessThan(40);
  });

  it('is flushed when the log is long, however small it is itself', async () => {
    const machine = new TestMachine();
    const store = await machine.open({ logBytesMax: 1000 });
    for (let at = 0; at < 100; at += 1) await store.batch([increment('n', 1)]);
    await settle();
    expect(machine.telemetry.markers).toContain('kv.flushed');
    expect(machine.log.bodies.length).toBeLessThan(30);
    expect(await count(store, 'n')).toBe(100n);
  });

  it('that cannot be flushed fast enough makes writers wait', async () => {
    const machine = new TestMachine();
    const store = await machine.open({ memtableBytes: 500, runsMax: 1 });
    const resume = machine.holdSyncs();
    let written = 0;
    let openRunsMax = 0;
    const writer = (async () => {
      for (; written < 100; written += 1) {
        await store.batch([put(`key ${written}`, 'value')]);
        openRunsMax = Math.max(openRunsMax, store.stats().openRuns);
      }
    })();
    await settle();
    const whileHeld = written;
    expect(machine.telemetry.markers).toContain('kv.back-pressure');
    expect(whileHeld).toBeLessThan(20);
    resume();
    await writer;
    expect(written).toBe(100);
    expect(await list(store)).toHaveLength(100);
    expect(openRunsMax).toBeLessThanOrEqual(3);
  });
});

describe('compact', () => {
  it('leaves one run without a trace of what was deleted, or none', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    for (const key of ['a', 'b', 'c']) {
      await store.batch([put(key, 'x'), put('all', key)]);
      await store.flush();
    }
    await store.batch([remove('a')]);
    await store.compact();
    expect(store.stats()).toMatchObject({ runs: 1, memtableEntries: 0 });
    await store.batch([remove('b'), remove('c'), remove('all')]);
    await store.compact();
    await settle();
    expect(store.stats()).toMatchObject({ runs: 0, runBytes: 0 });
    expect(machine.names()).toHaveLength(1);
  });
});

describe('a store that failed', () => {
  it('tells a batch in the log’s hands that nobody knows, and every later one that it was not applied', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([put('a', '1')]);
    const gate = withResolvers<void>();
    machine.log.gate = gate.promise;
    machine.log.failure = new Error('the disk is gone');
    const unknown = store.batch([put('a', '2')], { sync: true });
    await settle();
    const refused = store.batch([put('b', '2')]);
    gate.resolve();
    const [first, second] = await Promise.allSettled([unknown, refused]);
    expect(first).toMatchObject({ reason: { code: 'STEME_KV_INDETERMINATE' } });
    expect(second).toMatchObject({ reason: { code: 'STEME_KV_POISONED' } });
    machine.log.failure = undefined;
    await expect(store.batch([put('a', '3')])).rejects.toMatchObject({ code: 'STEME_KV_POISONED' });
    await expect(store.compareAndSwap(bytes('a'), undefined, undefined)).rejects.toMatchObject({
      code: 'STEME_KV_POISONED',
    });
    await expect(store.flush()).rejects.toMatchObject({ code: 'STEME_KV_POISONED' });
    expect(await list(store)).toEqual(['a=1']);
    await store.close();
  });

  it.each(['run-', 'manifest-'])('in writing a %s takes no more writes, and still reads', async (kind) => {
    const machine = new TestMachine();
    const store = await machine.open({ memtableBytes: 200 });
    await store.batch([put('a', '1')]);
    await store.flush();
    machine.failSyncsOf = kind;
    await store.batch([put('b', 'x'.repeat(300))]);
    const waiting = Promise.allSettled([store.flush(), store.compact()]);
    expect(await waiting).toMatchObject([
      { reason: { code: 'STEME_KV_POISONED' } },
      { reason: { code: 'STEME_KV_POISONED' } },
    ]);
    await expect(store.batch([put('c', '1')])).rejects.toMatchObject({ code: 'STEME_KV_POISONED' });
    expect(await list(store)).toHaveLength(2);
    expect(machine.telemetry.markers).toContain('kv.poisoned');
    await store.close();
    machine.failSyncsOf = undefined;
    const again = await machine.open();
    expect(await list(again)).toHaveLength(2);
    expect(machine.openHandles).toBe(again.stats().openRuns);
  });

  it('to read tells so, and reads again when asked again', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([put('a', '1'), increment('n', 1)]);
    await store.flush();
    machine.failCalls = 'read';
    await expect(store.get(bytes('a'))).rejects.toMatchObject({ code: 'STEME_KV_IO', errno: 'EIO' });
    await expect(store.batch([increment('n', 1)])).rejects.toMatchObject({ code: 'STEME_KV_IO' });
    await expect(list(store)).rejects.toMatchObject({ code: 'STEME_KV_IO' });
    machine.failCalls = undefined;
    expect(await get(store, 'a')).toBe('1');
    await store.batch([increment('n', 1)]);
    expect(await count(store, 'n')).toBe(2n);
  });

  it('in finding damage says where, and goes on with what is whole', async () => {
    const machine = new TestMachine();
    const store = await machine.open({ blockBytes: 64 });
    await store.batch([put('a', 'x'.repeat(64)), put('b', 'y'.repeat(64))]);
    await store.flush();
    const damaged = machine.read(runName(1));
    damaged[30]! ^= 1;
    machine.write(runName(1), damaged);
    await expect(store.get(bytes('a'))).rejects.toMatchObject({
      code: 'STEME_KV_CORRUPT',
      path: '/data/kv/run-00000001',
      offset: 0,
      reason: 'the checksum of the block does not match',
    });
    expect(await get(store, 'b')).toBe('y'.repeat(64));
    await expect(store.compact()).resolves.toBeUndefined();
    await store.batch([put('c', '1')]);
    await expect(store.compact()).rejects.toMatchObject({ code: 'STEME_KV_POISONED' });
  });
});

describe('a closed store', () => {
  it('rejects everything, has made everything durable, and has given all handles back', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([put('a', '1')]);
    await store.flush();
    const snapshot = store.snapshot();
    const scan = store.scan();
    await scan.next();
    const last = store.batch([put('b', '2')]);
    await Promise.all([store.close(), last]);
    await store.close();
    const closed = { code: 'STEME_KV_CLOSED' };
    await expect(store.get(bytes('a'))).rejects.toMatchObject(closed);
    await expect(store.batch([])).rejects.toMatchObject(closed);
    await expect(store.flush()).rejects.toMatchObject(closed);
    await expect(store.compact()).rejects.toMatchObject(closed);
    await expect(scan.next()).rejects.toMatchObject(closed);
    await expect(snapshot.get(bytes('a'))).rejects.toMatchObject(closed);
    expect(() => store.snapshot()).toThrow('closed');
    snapshot.close();
    await settle();
    expect(machine.openHandles).toBe(0);
    expect(machine.log.durableOffset).toBe(store.stats().logOffset);
  });

  it('breaks off a merge, which costs nothing but time', async () => {
    const machine = new TestMachine();
    const store = await machine.open({ runsMax: 8 });
    for (const key of ['a', 'b']) {
      await store.batch([put(key, key)]);
      await store.flush();
    }
    const [merge] = await Promise.allSettled([store.compact(), store.close()]);
    expect(merge).toMatchObject({ reason: { code: 'STEME_KV_CLOSED' } });
    expect(machine.telemetry.markers).not.toContain('kv.poisoned');
    const again = await machine.open();
    expect(await list(again)).toEqual(['a=a', 'b=b']);
  });
});

describe('open', () => {
  it('refuses sizes that cannot work', async () => {
    await expect(new TestMachine().open({ blockBytes: 2 ** 20 })).rejects.toThrow('blockBytes');
    await expect(new TestMachine().open({ runsMax: 0 })).rejects.toThrow('runsMax');
  });
});
