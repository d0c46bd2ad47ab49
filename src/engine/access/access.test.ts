import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../crypto/index.ts';
import { noSites, type Sites } from '../../ports/index.ts';
import { EagerSites } from '../../ports/sites.test-support.ts';
import type { KeyValueStore } from '../kv/index.ts';
import { TestMachine } from '../kv/kv.test-support.ts';
import { parseKey } from '../model/index.ts';
import { Access, type ApiKey, type NewApiKey } from './index.ts';
import { CountingEntropy, dump, ManualClock, silentTelemetry } from './access.test-support.ts';

const agent = 'ab'.repeat(32);

const reader: NewApiKey = { name: 'somebody', roles: ['reader'], agents: [agent] };

async function start(machine = new TestMachine(), clock = new ManualClock(), sites: Sites = noSites) {
  const store = await machine.open();
  const ports = { clock, entropy: new CountingEntropy(), sites, telemetry: silentTelemetry };
  const access = new Access(ports, store);
  return { machine, clock, store, access };
}

describe('an API key', () => {
  it('is shown once, kept as a hash alone, and known again', async () => {
    const { access, store } = await start();
    const { key, record } = await access.create(reader);
    expect(key).toMatch(/^steme_[0-9a-f]{64}$/);
    expect(await access.authenticate(key)).toEqual(record);
    const secret = key.slice('steme_'.length);
    for (const entry of await dump(store)) {
      expect(entry).not.toContain(secret);
      expect(entry).not.toContain(toHex(new TextEncoder().encode(secret)));
    }
  });

  it('is durable, and so is that it was revoked', async () => {
    const { machine, access } = await start();
    const isAllDurable = () =>
      machine.log.durableOffset === machine.log.bodies.reduce((sum, body) => sum + body.length, 0);
    const kept = await access.create(reader);
    const revoked = await access.create(reader);
    expect(isAllDurable()).toBe(true);
    await access.revoke(revoked.record.id);
    expect(isAllDurable()).toBe(true);
    machine.kill();
    const again = await start(machine);
    expect(await again.access.authenticate(kept.key)).toEqual(kept.record);
    await expect(again.access.authenticate(revoked.key)).rejects.toMatchObject({
      code: 'STEME_UNAUTHENTICATED',
    });
  });

  it.each([
    ['none', () => undefined],
    ['an empty one', () => ''],
    ['an unknown one', () => `steme_${'0'.repeat(64)}`],
    ['one in upper case', (key: string) => key.toUpperCase()],
    ['one with a blank behind', (key: string) => `${key} `],
    ['one with its end cut off', (key: string) => key.slice(0, -1)],
    ['its hash instead', (_: string, record: ApiKey) => `steme_${record.id.padEnd(64, '0')}`],
  ])('is not taken for good when it is %s', async (_, wrong) => {
    const { access, store } = await start();
    const { key, record } = await access.create(reader);
    const before = await dump(store);
    await expect(access.authenticate(wrong(key, record))).rejects.toMatchObject({
      code: 'STEME_UNAUTHENTICATED',
    });
    expect(await dump(store)).toEqual(before);
  });

  it('that is revoked is refused in the same words as one that never was', async () => {
    const { access } = await start();
    const { key, record } = await access.create(reader);
    expect(await access.revoke(record.id)).toMatchObject({ id: record.id, revokedAt: expect.any(Number) });
    const refusals = [key, `steme_${'1'.repeat(64)}`].map((text) =>
      access.authenticate(text).catch((error: Error) => error.message),
    );
    const [revoked, unknown] = await Promise.all(refusals);
    expect(revoked).toBe(unknown);
  });

  it('stays revoked at the time when it first was', async () => {
    const { access, clock } = await start();
    const { record } = await access.create(reader);
    const first = await access.revoke(record.id);
    clock.advance(1000);
    expect(await access.revoke(record.id)).toEqual(first);
    expect(await access.revoke('0'.repeat(16))).toBeUndefined();
    expect(await access.revoke('no id')).toBeUndefined();
  });

  it('is listed by pages, without a word of the key', async () => {
    const { access } = await start();
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => access.create(reader)));
    const ids = made.map(({ record }) => record.id).toSorted();
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { items, next } = await access.list({ limit: 2, after });
      seen.push(...items.map(({ id }) => id));
      expect(items.length).toBeLessThanOrEqual(2);
      after = next;
    } while (after !== undefined);
    expect(seen).toEqual(ids);
    await expect(access.list({ after: 'no id' })).rejects.toMatchObject({ code: 'STEME_PAGE_INVALID' });
    await expect(access.list({ limit: 0 })).rejects.toMatchObject({ code: 'STEME_PAGE_INVALID' });
  });

  it.each<[string, object, string]>([
    ['no name', { ...reader, name: '' }, 'name'],
    ['half a surrogate pair in its name', { ...reader, name: '\uD800' }, 'name'],
    ['no role', { ...reader, roles: [] }, 'roles'],
    ['an unknown role', { ...reader, roles: ['root'] }, 'roles.0'],
    ['an agent that is none', { ...reader, agents: ['ab'] }, 'agents.0'],
    ['a quota of nothing', { ...reader, quotaPerHour: 0 }, 'quotaPerHour'],
    [
      'a bucket that never fills',
      { ...reader, bucket: { capacity: 1, refillPerSecond: 0 } },
      'bucket.refillPerSecond',
    ],
    ['a field that nobody reads', { ...reader, extra: 1 }, ''],
  ])('is not made with %s', async (_, request, field) => {
    const { access, store } = await start();
    await expect(access.create(request as NewApiKey)).rejects.toMatchObject({
      code: 'STEME_API_KEY_INVALID',
      issues: [{ field }],
    });
    expect(await dump(store)).toEqual([]);
  });

  it('may do what its roles allow, all of them together, and speak for its agents only', async () => {
    const { access } = await start();
    const { record } = await access.create({ ...reader, roles: ['reader', 'auditor'] });
    expect(() => access.requirePermission(record, ['read'])).not.toThrow();
    expect(() => access.requirePermission(record, ['inspect'])).not.toThrow();
    expect(() => access.requirePermission(record, ['write', 'manage'])).toThrow(
      expect.objectContaining({ code: 'STEME_FORBIDDEN_ROLE' }),
    );
    expect(() => access.requireAgents(record, [fromHex(agent)!])).not.toThrow();
    expect(() => access.requireAgents(record, [fromHex(agent)!, new Uint8Array(32)])).toThrow(
      expect.objectContaining({ code: 'STEME_FORBIDDEN_AGENT' }),
    );
    expect(() => access.requireAgents({ ...record, agents: 'any' }, [new Uint8Array(32)])).not.toThrow();
  });

  it('is found in the store under its table, where nothing but a key of today is read', async () => {
    const { access, store } = await start();
    const { record } = await access.create(reader);
    const [entry] = await dump(store);
    const key = fromHex(entry!.split('=')[0]!)!;
    expect(parseKey(key)).toMatchObject({ table: 'AK' });
    await store.batch([{ type: 'put', key, value: new TextEncoder().encode('{"version":2}') }]);
    await expect(access.list()).rejects.toMatchObject({ code: 'STEME_INVARIANT' });
    expect(record.id).toBe(toHex(key.subarray(3, 11)));
  });
});

describe('a key that is turned away for no reason', () => {
  it('loses nothing by it, and is let in when it comes again', async () => {
    const { access } = await start(undefined, undefined, new EagerSites());
    const { record } = await access.create({ ...reader, bucket: { capacity: 2, refillPerSecond: 0.001 } });
    for (let time = 0; time < 2; time += 1) {
      expect(() => access.admit(record, 1)).toThrow(
        expect.objectContaining({ code: 'STEME_RATE_LIMITED', retryAfterSeconds: 1 }),
      );
      access.admit(record, 1);
    }
  });
});

describe('the bucket of a key', () => {
  const key = (capacity: number, refillPerSecond: number): ApiKey => ({
    ...({ id: 'a', name: 'a', roles: [], agents: [], quotaPerHour: 1, createdAt: 0 } satisfies Omit<
      ApiKey,
      'bucket'
    >),
    bucket: { capacity, refillPerSecond },
  });

  const limited = (retryAfterSeconds: number) =>
    expect.objectContaining({ code: 'STEME_RATE_LIMITED', retryAfterSeconds });

  it('gives what it holds at once, and then what flows in', async () => {
    const { access, clock } = await start();
    const small = key(20, 2);
    access.admit(small, 10);
    access.admit(small, 10);
    expect(() => access.admit(small, 10)).toThrow(limited(5));
    clock.advance(4999);
    expect(() => access.admit(small, 10)).toThrow(limited(1));
    clock.advance(1);
    access.admit(small, 10);
    clock.advance(3_600_000);
    access.admit(small, 20);
    expect(() => access.admit(small, 1)).toThrow(limited(1));
  });

  it('lets through what costs more than it holds when it is full, and is paid back', async () => {
    const { access, clock } = await start();
    const small = key(10, 1);
    access.admit(small, 30);
    expect(() => access.admit(small, 1)).toThrow(limited(21));
    clock.advance(21_000);
    access.admit(small, 1);
  });

  it('cares for no step of the wall clock', async () => {
    const { access, clock } = await start();
    const small = key(10, 1);
    access.admit(small, 10);
    clock.stepWall(1e9);
    expect(() => access.admit(small, 10)).toThrow(limited(10));
    clock.stepWall(-2e9);
    clock.advance(10_000);
    access.admit(small, 10);
  });
});

describe('the quota of a key', () => {
  const hourMs = 3_600_000;
  const key: ApiKey = {
    id: 'a',
    name: 'a',
    roles: [],
    agents: [],
    createdAt: 0,
    quotaPerHour: 100,
    bucket: { capacity: 1, refillPerSecond: 1 },
  };

  /** How many of `count` charges of 10 at once go through. */
  async function passing(access: Access, count: number): Promise<number> {
    const charges = Array.from({ length: count }, () => access.charge(key, 10));
    const outcomes = await Promise.allSettled(charges);
    return outcomes.filter(({ status }) => status === 'fulfilled').length;
  }

  it('is never exceeded, however many ask at once', async () => {
    const { access } = await start();
    expect(await passing(access, 50)).toBe(10);
    expect(await passing(access, 5)).toBe(0);
    await expect(access.charge({ ...key, id: 'b' }, 10)).resolves.toBeUndefined();
  });

  it('says when the next hour begins', async () => {
    const { access, clock } = await start();
    const intoHourMs = clock.wallMs() % hourMs;
    clock.advance(hourMs - intoHourMs + 0.5 * hourMs + 1);
    await access.charge(key, 95);
    await expect(access.charge(key, 6)).rejects.toMatchObject({
      code: 'STEME_QUOTA_EXCEEDED',
      retryAfterSeconds: 1800,
    });
    await access.charge(key, 5);
    clock.advance(0.5 * hourMs);
    expect(await passing(access, 11)).toBe(10);
  });

  it('survives a kill', async () => {
    const { machine, clock, access } = await start();
    expect(await passing(access, 7)).toBe(7);
    machine.kill();
    const again = await start(machine, clock);
    expect(await passing(again.access, 7)).toBe(3);
  });

  it('gives no more when the wall clock is set back, or forward and back again', async () => {
    const { access, clock } = await start();
    expect(await passing(access, 6)).toBe(6);
    clock.stepWall(hourMs);
    expect(await passing(access, 20)).toBe(10);
    clock.stepWall(-hourMs);
    expect(await passing(access, 20)).toBe(4);
    clock.stepWall(-hourMs);
    expect(await passing(access, 20)).toBe(10);
    clock.stepWall(hourMs);
    expect(await passing(access, 20)).toBe(0);
  });

  it('still lets readers in when the store takes no writes, and counts on in memory', async () => {
    const { machine, access } = await start();
    machine.log.failure = new Error('the disk is gone');
    expect(await passing(access, 20)).toBe(10);
  });

  it('leaves no windows of days ago in the store', async () => {
    const { access, clock, store } = await start();
    for (let hour = 0; hour < 60; hour += 1) {
      await access.charge(key, 1);
      clock.advance(hourMs);
    }
    expect((await windowsOf(store)).length).toBe(49);
  });

  async function windowsOf(store: KeyValueStore): Promise<number[]> {
    const windows: number[] = [];
    for await (const entry of store.scan()) {
      const parsed = parseKey(entry.key);
      if (parsed.table === 'QT') windows.push(parsed.window);
    }
    return windows;
  }
});
