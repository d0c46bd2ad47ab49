import { describe, expect, it } from 'vitest';
import { counterMax, encodeCounter } from './counters.ts';
import type { Operation } from './key-value-store.ts';
import {
  bytes,
  count,
  get,
  increment,
  list,
  put,
  remove,
  settle,
  TestMachine,
  text,
  withResolvers,
} from './kv.test-support.ts';
import { decodeLogRecord } from './log-record.ts';

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
