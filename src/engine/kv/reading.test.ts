import { describe, expect, it } from 'vitest';
import { bytes, get, list, put, remove, settle, TestMachine, text } from './kv.test-support.ts';
import { runName } from './names.ts';

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

describe('reading from runs', () => {
  it('is told apart by whether the block was in memory; merges do not count', async () => {
    const machine = new TestMachine();
    const store = await machine.open();
    await store.batch([put('a', '1'), put('b', '1')]);
    await store.flush();
    const counts = () => [store.stats().cacheHits, store.stats().cacheMisses];
    await get(store, 'a');
    expect(counts()).toEqual([0, 1]);
    await get(store, 'b');
    for await (const entry of store.scan()) expect(entry.value).toHaveLength(1);
    expect(counts()).toEqual([2, 1]);
    await store.batch([put('c', '1')]);
    await store.compact();
    expect(counts()).toEqual([2, 1]);
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
