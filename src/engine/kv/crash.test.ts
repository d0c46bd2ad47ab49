import { describe, expect, it } from 'vitest';
import { toHex } from '../../crypto/index.ts';
import { noSites, type Sites } from '../../ports/index.ts';
import { EagerSites } from '../../ports/sites.test-support.ts';
import { Disk, errno, type ErrnoCode, type FileSystemCall, type Intercept } from '../../sim/disk/index.ts';
import { CrashProcess, ImmediateDevice, powerLoss, Random, SteppedDevice } from './crash-lab.test-support.ts';
import { decodeCounter, encodeCounter } from './counters.ts';
import type { Operation } from './key-value-store.ts';
import { bytes, collect, TestTelemetry } from './kv.test-support.ts';
import type { HybridStoreOptions } from './options.ts';
import { HybridStore } from './store.ts';

const directory = '/data/deeper/kv';
const options: HybridStoreOptions = {
  memtableBytes: 1500,
  logBytesMax: 6000,
  blockBytes: 128,
  runsMax: 2,
  logSegmentBytes: 8192,
  logIdleMs: 0,
};

/** What the store holds, as text: equal states, equal texts. */
type State = string;

/** The states that a history of batches goes through, and which of them may be found after a crash. */
class History {
  readonly states: State[] = [''];
  /** Batches that a kill must not undo. */
  acknowledged = 0;
  /** Batches that a power loss must not undo either. */
  synced = 0;
  #entries = new Map<string, Uint8Array>();

  /** After a crash that left `entries`, state `found`: what was to follow has never been. */
  continueFrom(found: number, entries: ReadonlyMap<string, Uint8Array>): void {
    this.states.length = found + 1;
    this.#entries = new Map(entries);
    this.acknowledged = found;
  }

  /** Returns how many there are now. */
  submit(operations: readonly Operation[]): number {
    for (const operation of operations) {
      const key = toHex(operation.key);
      if (operation.type === 'delete') this.#entries.delete(key);
      if (operation.type === 'put') this.#entries.set(key, operation.value);
      if (operation.type === 'increment') {
        const count = decodeCounter(this.#entries.get(key) ?? encodeCounter(0n)) ?? 0n;
        this.#entries.set(key, encodeCounter(count + BigInt(operation.delta)));
      }
    }
    this.states.push(textOf(this.#entries));
    return this.states.length - 1;
  }

  acknowledge(count: number, isSynced: boolean): void {
    this.acknowledged = Math.max(this.acknowledged, count);
    if (isSynced) this.synced = Math.max(this.synced, count);
  }
}

function textOf(entries: ReadonlyMap<string, Uint8Array>): State {
  return [...entries]
    .map(([key, value]) => `${key}=${toHex(value)}`)
    .toSorted()
    .join('\n');
}

async function entriesOf(store: HybridStore): Promise<Map<string, Uint8Array>> {
  return new Map((await collect(store)).map(({ key, value }) => [toHex(key), value]));
}

/** Some keys often, one of them a counter that every batch raises, so that no two states are equal. */
function someBatch(random: Random): Operation[] {
  const operations: Operation[] = [{ type: 'increment', key: bytes('batches'), delta: 1 }];
  for (let count = random.choose(4); count > 0; count -= 1) {
    const key = bytes(`key ${random.choose(12)}`);
    if (random.oneIn(3)) operations.push({ type: 'delete', key });
    else
      operations.push({
        type: 'put',
        key,
        value: new Uint8Array(random.choose(300)).fill(random.choose(256)),
      });
  }
  return operations;
}

/** Batches, sometimes several at once, and now and then maintenance that nobody waits for. */
async function work(store: HybridStore, history: History, random: Random): Promise<void> {
  for (let round = 0; round < 25; round += 1) {
    const batches = Array.from({ length: 1 + (random.oneIn(3) ? random.choose(3) : 0) }, async () => {
      const operations = someBatch(random);
      const sync = random.oneIn(3);
      const count = history.submit(operations);
      await store.batch(operations, { sync });
      history.acknowledge(count, sync);
    });
    if (random.oneIn(10)) void store.flush().catch(() => undefined);
    if (random.oneIn(10)) void store.compact().catch(() => undefined);
    await Promise.all(batches);
    if (random.oneIn(12)) {
      const { acknowledged } = history;
      await store.flush();
      history.acknowledge(acknowledged, true);
    }
    if (random.oneIn(8)) {
      for await (const { key } of store.scan()) if (key.length > 5) break;
    }
  }
  await store.close();
  history.acknowledge(history.acknowledged, true);
}

/** In one life of three some call fails, once: whatever it was, what was acknowledged must not be lost. */
function faultyNowAndThen(random: Random): Intercept {
  let callsUntilFault = random.oneIn(3) ? random.choose(400) : Infinity;
  return (call, effect) => {
    const code = faults[call.operation];
    if (code === undefined) return effect();
    callsUntilFault -= 1;
    if (callsUntilFault !== 0) return effect();
    // A close that reports an error has closed all the same.
    if (call.operation === 'close') effect();
    throw errno(code, call.operation, call.path);
  };
}

/** Reads are left out: what they reject is known not to be applied, and would only tangle the history. */
const faults: Partial<Record<FileSystemCall['operation'], ErrnoCode>> = {
  open: 'EMFILE',
  write: 'ENOSPC',
  fsync: 'EIO',
  fdatasync: 'EIO',
  unlink: 'EIO',
  close: 'EIO',
};

const failureCodes = /^STEME_(KV_(INDETERMINATE|POISONED|IO)|WAL_(IO|POISONED))$/;

/** What was there after a crash: the state of this index. */
interface Found {
  readonly found: number;
  readonly entries: ReadonlyMap<string, Uint8Array>;
}

class Laboratory {
  readonly telemetry = new TestTelemetry();
  recoveries = 0;
  readonly #random: Random;

  readonly #world: ConstructorParameters<typeof CrashProcess>[2];

  constructor(seed: number, sites: Sites = noSites) {
    this.#random = new Random(seed);
    this.#world = { telemetry: this.telemetry, random: this.#random, sites };
  }

  /** Three lives of one store, each ended by a kill or a power loss, and looked at all along. */
  async run(): Promise<void> {
    const random = this.#random;
    let disk = new Disk();
    const history = new History();
    for (let life = 0; life < 3; life += 1) {
      const device = new SteppedDevice(random);
      const process = new CrashProcess(disk, device, this.#world, faultyNowAndThen(random));
      const end: { failure?: unknown; isReached: boolean } = { isReached: false };
      const living = HybridStore.open(process.ports, directory, options)
        .then(async (store) => {
          // What was found is durable by now, whatever it was before.
          history.acknowledge(history.acknowledged, true);
          await work(store, history, random).finally(() => store.close());
        })
        .catch((error: unknown) => {
          end.failure = error;
        })
        .finally(() => {
          end.isReached = true;
        });
      const stepsMax = 30 + random.choose(600);
      while (!end.isReached && device.steps < stepsMax) {
        await device.step();
        if (random.oneIn(16)) await this.#check(powerLoss(disk, random), history, 'power loss');
        if (random.oneIn(40)) await this.#check(disk.fork(), history, 'kill');
      }
      if (end.isReached) {
        await living;
        const { failure } = end;
        if (failure !== undefined)
          expect(failure).toMatchObject({ code: expect.stringMatching(failureCodes) });
        expect(process.fs.openHandles()).toEqual([]);
      }
      process.fs.abandon();
      const cause = random.oneIn(2) ? 'kill' : 'power loss';
      if (cause === 'power loss') disk = powerLoss(disk, random);
      const { found, entries } = await this.#check(disk.fork(), history, cause);
      history.continueFrom(found, entries);
      if (cause === 'power loss') history.acknowledge(found, true);
    }
  }

  /**
   * Opens what a crash left: a prefix of all batches, no shorter than `least`; the same if power fails
   * again, in the middle of it or right after. After a kill there may be more to see than is durable, which
   * is why a power loss in the middle may still take what no `sync` covers, until the store is open.
   */
  async #check(disk: Disk, history: History, cause: 'kill' | 'power loss'): Promise<Found> {
    const random = this.#random;
    const halfway: Disk[] = [];
    const process = new CrashProcess(disk, new ImmediateDevice(), this.#world, (_call, effect) => {
      if (random.oneIn(20)) halfway.push(powerLoss(disk, random));
      return effect();
    });
    const store = await HybridStore.open(process.ports, directory, options);
    const during = halfway.splice(0);
    const afterwards = random.oneIn(2) ? powerLoss(disk, random) : powerLoss(disk, random, 'lose-all');
    const entries = await entriesOf(store);
    const found = history.states.indexOf(textOf(entries));
    expect(found).toBeGreaterThanOrEqual(cause === 'kill' ? history.acknowledged : history.synced);
    expect(await this.#reopen(afterwards, history)).toBe(found);
    for (const image of during) {
      const again = await this.#reopen(image, history);
      if (cause === 'power loss') expect(again).toBe(found);
      else expect(again).toBeGreaterThanOrEqual(history.synced);
    }
    return { found, entries };
  }

  async #reopen(disk: Disk, history: History): Promise<number> {
    const process = new CrashProcess(disk, new ImmediateDevice(), this.#world);
    const store = await HybridStore.open(process.ports, directory, options);
    const found = history.states.indexOf(textOf(await entriesOf(store)));
    await store.close();
    expect(process.fs.openHandles()).toEqual([]);
    this.recoveries += 1;
    return found;
  }
}

describe('HybridStore on a disk that loses what was not synced', () => {
  it('comes back with a prefix of its batches, the synced ones in it, again and again', async () => {
    const seeds = Number(globalThis.process?.env['KV_CRASH_SEEDS'] ?? 10);
    const first = Number(globalThis.process?.env['KV_CRASH_FIRST'] ?? 1);
    const markers = new Set<string>();
    let recoveries = 0;
    for (let seed = first; seed < first + seeds; seed += 1) {
      const laboratory = new Laboratory(seed);
      await laboratory.run().catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
      for (const marker of laboratory.telemetry.markers) markers.add(marker);
      recoveries += laboratory.recoveries;
    }
    if (seeds >= 10) {
      expect(recoveries).toBeGreaterThan(500);
      expect([...markers]).toEqual(
        expect.arrayContaining([
          'kv.compacted',
          'kv.created',
          'kv.flushed',
          'kv.group-of-several',
          'kv.log-replayed',
          'kv.orphan-run-removed',
          'kv.torn-manifest-discarded',
        ]),
      );
    }
  }, 120_000);

  it('does so though every site fires', async () => {
    const sites = new EagerSites();
    for (let seed = 1; seed <= 3; seed += 1) await new Laboratory(seed, sites).run();
    expect([...sites.fired]).toEqual(expect.arrayContaining(['kv.write-piecemeal', 'kv.compact-early']));
  }, 60_000);
});
