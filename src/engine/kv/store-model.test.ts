import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noSites } from '../../ports/index.ts';
import { EagerSites } from '../../ports/sites.test-support.ts';
import { compareBytes, equalBytes } from './bytes.ts';
import { decodeCounter, encodeCounter } from './counters.ts';
import type { Entry, Operation, ScanOptions, Snapshot } from './key-value-store.ts';
import { sites as engineSites } from '../sites.ts';
import { collect, TestMachine } from './kv.test-support.ts';
import type { HybridStoreOptions } from './options.ts';
import type { HybridStore } from './store.ts';

/** The store as a sorted list: small enough to be right at sight. */
class Model {
  entries: Entry[] = [];

  get(key: Uint8Array): Uint8Array | undefined {
    return this.entries.find((entry) => equalBytes(entry.key, key))?.value;
  }

  /** Returns `false`, having changed nothing, when an increment is refused. */
  batch(operations: readonly Operation[]): boolean {
    const before = this.entries;
    for (const operation of operations) {
      const { key } = operation;
      let value = operation.type === 'put' ? operation.value : undefined;
      if (operation.type === 'increment') {
        const present = this.get(key);
        const count = present === undefined ? 0n : decodeCounter(present);
        if (count === undefined) {
          this.entries = before;
          return false;
        }
        value = encodeCounter(count + BigInt(operation.delta));
      }
      this.entries = this.entries.filter((entry) => !equalBytes(entry.key, key));
      if (value !== undefined) this.entries = [...this.entries, { key, value }];
    }
    return true;
  }

  compareAndSwap(key: Uint8Array, expected: Uint8Array | undefined, next: Uint8Array | undefined): boolean {
    const present = this.get(key);
    const isExpected =
      present === undefined || expected === undefined ? present === expected : equalBytes(present, expected);
    if (!isExpected) return false;
    return this.batch([next === undefined ? { type: 'delete', key } : { type: 'put', key, value: next }]);
  }

  scan({ prefix, from, to, after, limit }: ScanOptions = {}): Entry[] {
    return this.entries
      .filter(({ key }) => prefix === undefined || equalBytes(key.slice(0, prefix.length), prefix))
      .filter(({ key }) => from === undefined || compareBytes(key, from) >= 0)
      .filter(({ key }) => to === undefined || compareBytes(key, to) < 0)
      .filter(({ key }) => after === undefined || compareBytes(key, after) > 0)
      .toSorted((one, other) => compareBytes(one.key, other.key))
      .slice(0, limit);
  }
}

/** Few letters, so that keys meet, are prefixes of each other and hit the edge of bytes. */
const key = fc
  .array(fc.constantFrom(0, 1, 0x61, 0xfe, 0xff), { maxLength: 4 })
  .map((bytes) => Uint8Array.from(bytes));
const value = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.bigInt({ min: -5n, max: 5n }).map(encodeCounter),
  fc.constant(new Uint8Array(200).fill(7)),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('put' as const), key, value }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('increment' as const),
      key,
      delta: fc.oneof(fc.bigInt({ min: -9n, max: 9n }), fc.integer({ min: -9, max: 9 })),
    }),
  },
);
const absentOr = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const scanOptions: fc.Arbitrary<ScanOptions> = fc.record(
  { prefix: key, from: key, to: key, after: key, limit: fc.nat(5) },
  { requiredKeys: [] },
);

interface World {
  readonly machine: TestMachine;
  readonly options: HybridStoreOptions;
  store: HybridStore;
  readonly snapshots: { readonly snapshot: Snapshot; readonly model: Model }[];
}

interface Command extends fc.AsyncCommand<Model, World> {
  check(model: Readonly<Model>): boolean;
}

function command(name: string, run: (model: Model, world: World) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name };
}

const shown = (thing: unknown): string =>
  fc.stringify(thing).replaceAll('Uint8Array.from', '').replaceAll('undefined', '-');

const commands: fc.Arbitrary<Command>[] = [
  fc.tuple(fc.array(operation, { maxLength: 5 }), fc.boolean()).map(([operations, sync]) =>
    command(`batch ${shown(operations)}`, async (model, { store }) => {
      const outcome = await store.batch(operations, { sync }).then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'STEME_KV_COUNTER' });
          return false;
        },
      );
      expect(outcome).toBe(model.batch(operations));
    }),
  ),
  fc.array(fc.array(operation, { maxLength: 3 }), { maxLength: 6 }).map((batches) =>
    command(`at once ${shown(batches)}`, async (model, { store }) => {
      const outcomes = await Promise.allSettled(batches.map((operations) => store.batch(operations)));
      for (const [index, operations] of batches.entries()) {
        expect(outcomes[index]?.status).toBe(model.batch(operations) ? 'fulfilled' : 'rejected');
      }
    }),
  ),
  fc.tuple(key, absentOr(value), absentOr(value)).map(([target, expected, next]) =>
    command(`swap ${shown([target, expected, next])}`, async (model, { store }) => {
      const swapped = await store.compareAndSwap(target, expected, next);
      expect(swapped).toBe(model.compareAndSwap(target, expected, next));
    }),
  ),
  fc.tuple(key, absentOr(value)).map(([target, next]) =>
    command(`swap what is there ${shown([target, next])}`, async (model, { store }) => {
      const expected = model.get(target);
      model.compareAndSwap(target, expected, next);
      expect(await store.compareAndSwap(target, expected, next)).toBe(true);
    }),
  ),
  key.map((target) =>
    command(`get ${shown(target)}`, async (model, { store }) => {
      expect(await store.get(target)).toEqual(model.get(target));
    }),
  ),
  scanOptions.map((options) =>
    command(`scan ${shown(options)}`, async (model, { store }) => {
      expect(await collect(store, options)).toEqual(model.scan(options));
    }),
  ),
  fc.constant(
    command('snapshot', async (model, { store, snapshots }) => {
      const frozen = new Model();
      frozen.entries = model.entries;
      snapshots.push({ snapshot: store.snapshot(), model: frozen });
    }),
  ),
  fc.tuple(fc.nat(3), key, scanOptions).map(([index, target, options]) =>
    command(`look at snapshot ${index} ${shown([target, options])}`, async (_, { snapshots }) => {
      const taken = snapshots[index];
      if (taken === undefined) return;
      expect(await taken.snapshot.get(target)).toEqual(taken.model.get(target));
      expect(await collect(taken.snapshot, options)).toEqual(taken.model.scan(options));
    }),
  ),
  fc.constant(
    command('close a snapshot', async (_, { snapshots }) => {
      snapshots.shift()?.snapshot.close();
    }),
  ),
  fc.constant(command('flush', (_, { store }) => store.flush())),
  fc.constant(
    command('compact', async (model, { store }) => {
      await store.compact();
      expect(store.stats().runs).toBe(model.entries.length > 0 ? 1 : 0);
    }),
  ),
  fc.boolean().map((isClosed) =>
    command(isClosed ? 'close and open' : 'kill and open', async (_, world) => {
      if (isClosed) await world.store.close();
      else world.machine.kill();
      world.snapshots.length = 0;
      world.store = await world.machine.open(world.options);
    }),
  ),
];

describe('HybridStore', () => {
  const everySite = new EagerSites();
  it.each([
    ['', noSites, 300],
    [', and though every site fires', everySite, 100],
  ])(
    'behaves as a sorted map, whatever is done in whatever order%s',
    async (_, sites, numRuns) => {
      const markers = new Set<string>();
      await fc.assert(
        fc.asyncProperty(
          fc.commands(commands, { maxCommands: 60, size: 'max' }),
          fc.record({
            memtableBytes: fc.constantFrom(1, 300, 2000),
            blockBytes: fc.constantFrom(64, 256),
            runsMax: fc.integer({ min: 1, max: 4 }),
            blockCacheBytes: fc.constantFrom(0, 1000),
            groupBytesMax: fc.constantFrom(1, 1000),
          }),
          async (plan, options) => {
            const machine = new TestMachine();
            machine.sites = sites;
            const world: World = { machine, options, store: await machine.open(options), snapshots: [] };
            const model = new Model();
            await fc.asyncModelRun(() => ({ model, real: world }), plan);
            expect(await collect(world.store)).toEqual(model.scan());
            await world.store.close();
            for (const marker of machine.telemetry.markers) markers.add(marker);
          },
        ),
        { numRuns },
      );
      if (sites === everySite) {
        expect([...everySite.fired].toSorted()).toEqual(
          Object.keys(engineSites)
            .filter((site) => site.startsWith('kv.'))
            .toSorted(),
        );
        return;
      }
      expect([...markers]).toEqual(
        expect.arrayContaining([
          'kv.back-pressure',
          'kv.compacted',
          'kv.flushed',
          'kv.group-of-several',
          'kv.log-replayed',
          'kv.swap-lost',
        ]),
      );
    },
    60_000,
  );
});
