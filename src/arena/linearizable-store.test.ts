import { describe, expect, it } from 'vitest';
import {
  checkLinearizability,
  type CounterInput,
  counterModel,
  type LinearizabilityVerdict,
  registerModel,
  type RegisterInput,
  type TimedOperation,
} from '../check/index.ts';
import { decodeCounter, HybridStore } from '../engine/kv/index.ts';
import { ProcessGoneError } from '../sim/index.ts';
import { arenaRun, calm } from './arena-run.test-support.ts';
import type { ArenaContext } from './context.ts';

const utf8 = {
  encode: (text: string) => new TextEncoder().encode(text),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};
const small = { memtableBytes: 300, blockBytes: 128, runsMax: 2, logSegmentBytes: 8192 };

type Store = Pick<HybridStore, 'batch' | 'compareAndSwap' | 'get'>;
type Histories = {
  readonly counters: TimedOperation<CounterInput, bigint | undefined>[];
  readonly registers: TimedOperation<RegisterInput, string | boolean | undefined>[];
};

/** A store that is opened again after each crash, and clients that use it all at once and keep a history. */
async function histories(context: ArenaContext, wrap: (store: HybridStore) => Store): Promise<Histories> {
  const machine = context.machine('node-1');
  const { chaos } = context;
  let process = machine.boot();
  let opening: Promise<Store> | undefined;
  const open = (): Promise<Store> => {
    if (process.running) return (opening ??= begin());
    process = machine.boot();
    return (opening = begin());
  };
  const begin = async (): Promise<Store> =>
    wrap(await process.call('open', () => HybridStore.open(process.ports, '/kv', small)));
  chaos.crash(machine);
  const now = (): number => context.nowMicros;
  const found: Histories = { counters: [], registers: [] };

  /** Runs in the process; unknown when that is gone before it answers. */
  const attempt = async <Input, Output>(
    history: TimedOperation<Input, Output>[],
    key: string,
    input: Input,
    work: (store: Store) => Promise<Output>,
  ): Promise<void> => {
    const calledAt = now();
    try {
      const store = await open();
      const output = await process.call('work', () => work(store));
      history.push({ key, input, calledAt, outcome: { kind: 'ok', output, returnedAt: now() } });
    } catch (error) {
      if (!(error instanceof ProcessGoneError)) throw error;
      history.push({ key, input, calledAt, outcome: { kind: 'info' } });
    }
  };

  const clients = ['client-1', 'client-2', 'client-3', 'client-4'].map((name) =>
    context.spawn(name, async () => {
      const draws = context.workload(name);
      for (let nth = 0; nth < 12; nth++) {
        const key = `key-${draws.choose(2)}`;
        const value = `${name}.${nth}`;
        switch (draws.choose(4)) {
          case 0: {
            const work = async (store: Store): Promise<undefined> =>
              void (await store.batch([{ type: 'increment', key: utf8.encode(`count-${key}`), delta: 1 }], {
                sync: true,
              }));
            await attempt(found.counters, key, { kind: 'increment', delta: 1n }, work);
            break;
          }
          case 1:
            await attempt(found.counters, key, { kind: 'read' }, async (store) => {
              const bytes = await store.get(utf8.encode(`count-${key}`));
              return bytes === undefined ? 0n : decodeCounter(bytes);
            });
            break;
          case 2: {
            let expected: string | undefined;
            await attempt(found.registers, key, { kind: 'read' }, async (store) => {
              const bytes = await store.get(utf8.encode(key));
              expected = bytes && utf8.decode(bytes);
              return expected;
            });
            await attempt(found.registers, key, { kind: 'swap', expected, next: value }, (store) =>
              store.compareAndSwap(
                utf8.encode(key),
                expected === undefined ? undefined : utf8.encode(expected),
                utf8.encode(value),
                { sync: true },
              ),
            );
            break;
          }
          default:
            await attempt(
              found.registers,
              key,
              { kind: 'write', next: value },
              async (store) =>
                void (await store.batch([{ type: 'put', key: utf8.encode(key), value: utf8.encode(value) }], {
                  sync: true,
                })),
            );
        }
      }
    }),
  );
  for (const client of clients) await client.join();
  return found;
}

/** The verdicts on counters and registers of one run. */
async function verdicts(
  seed: string,
  wrap: (store: HybridStore) => Store = (store) => store,
): Promise<{ readonly all: LinearizabilityVerdict[]; readonly unknown: number }> {
  let found: Histories | undefined;
  const crashes = { ...calm.crashes, killsMax: 3, distanceStepsMax: 512, distanceWritesMax: 64 };
  const { failure } = await arenaRun(
    { crashes },
    async (context) => {
      found = await histories(context, wrap);
    },
    seed,
  );
  expect(failure).toBeUndefined();
  const { counters, registers } = found!;
  const unknown = [...counters, ...registers].filter(({ outcome }) => outcome.kind === 'info').length;
  return {
    all: [checkLinearizability(counterModel, counters), checkLinearizability(registerModel, registers)],
    unknown,
  };
}

const seeds = Array.from({ length: 15 }, (_, seed) => String(seed));

describe('the store, used by many at once and through crashes', () => {
  it('is linearizable, counters and registers alike', async () => {
    let unknown = 0;
    for (const seed of seeds) {
      const { all, unknown: ofRun } = await verdicts(seed);
      expect(all).toEqual([{ kind: 'linearizable' }, { kind: 'linearizable' }]);
      unknown += ofRun;
    }
    expect(unknown).toBeGreaterThan(0);
  });

  it('would be found out if it added by reading and then writing', async () => {
    const kinds = new Set<string>();
    for (const seed of seeds) {
      const { all } = await verdicts(seed, readModifyWrite);
      kinds.add(all[0]!.kind);
    }
    expect(kinds).toContain('illegal');
  });

  it('would be found out if it compared and then swapped', async () => {
    const kinds = new Set<string>();
    for (const seed of seeds) {
      const { all } = await verdicts(seed, compareThenSwap);
      kinds.add(all[1]!.kind);
    }
    expect(kinds).toContain('illegal');
  });
});

/** Planted: an increment that is not one step. */
function readModifyWrite(store: HybridStore): Store {
  return {
    get: (key) => store.get(key),
    compareAndSwap: (...swap) => store.compareAndSwap(...swap),
    async batch(operations, options) {
      const [first] = operations;
      if (first?.type !== 'increment') return store.batch(operations, options);
      const before = await store.get(first.key);
      const sum = before === undefined ? 0n : (decodeCounter(before) ?? 0n);
      await store.batch(
        [
          { type: 'delete', key: first.key },
          { ...first, delta: sum + BigInt(first.delta) },
        ],
        options,
      );
    },
  };
}

/** Planted: a swap that is not one step. */
function compareThenSwap(store: HybridStore): Store {
  return {
    get: (key) => store.get(key),
    batch: (...batch) => store.batch(...batch),
    async compareAndSwap(key, expected, next, options) {
      const before = await store.get(key);
      if (String(before) !== String(expected) || next === undefined) return false;
      await store.batch([{ type: 'put', key, value: next }], options);
      return true;
    },
  };
}
