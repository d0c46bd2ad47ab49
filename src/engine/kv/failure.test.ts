import { describe, expect, it } from 'vitest';
import {
  bytes,
  count,
  get,
  increment,
  list,
  put,
  settle,
  TestMachine,
  withResolvers,
} from './kv.test-support.ts';
import { runName } from './names.ts';

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
