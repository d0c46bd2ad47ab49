import { describe, expect, it } from 'vitest';
import { count, increment, list, put, remove, settle, TestMachine } from './kv.test-support.ts';

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
