import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noSites } from '../../ports/index.ts';
import { BlockCache } from './block-cache.ts';
import { compareBytes } from './bytes.ts';
import { type Cursor, tombstone } from './cursor.ts';
import { StoreCorruptError } from './errors.ts';
import { StoreDirectory } from './files.ts';
import { bytes, golden, TestMachine, TestScheduler } from './kv.test-support.ts';
import { Memtable } from './memtable.ts';
import { decodeFooter, encodeFooter, footerBytes, type RunDescriptor } from './run-format.ts';
import { type RunContext, RunReader } from './run-reader.ts';
import { writeRun } from './run-writer.ts';
import { filterHash } from './bloom-filter.ts';

type Value = Uint8Array | typeof tombstone;
type Pairs = readonly (readonly [key: Uint8Array, value: Value])[];

const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const name = 'run-00000005';

interface Bench {
  readonly machine: TestMachine;
  readonly context: RunContext;
}

function bench(): Bench {
  const machine = new TestMachine();
  machine.volume.mkdirSync(machine.directory, { recursive: true });
  const directory = new StoreDirectory(machine.ports.fs, machine.directory);
  const context = {
    directory,
    cache: new BlockCache(0),
    scheduler: new TestScheduler(),
    sites: noSites,
    openRuns: new Set<RunReader>(),
  };
  return { machine, context };
}

async function write({ context }: Bench, pairs: Pairs, blockBytes = 64): Promise<RunDescriptor> {
  const table = new Memtable();
  for (const [key, value] of pairs) table.set(key, value);
  const options = { blockBytes, keepTombstones: true, sites: noSites, isCancelled: () => false };
  const run = await writeRun(context.directory, { id: 5, nonce }, table.view().cursor(), options);
  if (run === undefined) throw new Error('an empty run was not asked for');
  return run;
}

async function walk(cursor: Cursor): Promise<Pairs> {
  const pairs: (readonly [Uint8Array, Value])[] = [];
  for (; cursor.key !== undefined; await cursor.advance())
    pairs.push([cursor.key.slice(), copy(cursor.value)]);
  return pairs;
}

function copy(value: Value): Value {
  return value === tombstone ? tombstone : value.slice();
}

const samplePairs: Pairs = [
  [bytes(''), bytes('an empty key')],
  [bytes('apple'), bytes('red')],
  [bytes('banana'), tombstone],
  [bytes('cherry'), bytes('')],
  [bytes('date'), new Uint8Array(100).fill(0x2a)],
  [Uint8Array.of(0xff, 0xff), bytes('the last key')],
];

describe('a run', () => {
  it('holds what was written, in order, for any entries and block sizes', async () => {
    const key = fc.uint8Array({ maxLength: 6 });
    const value: fc.Arbitrary<Value> = fc.oneof(fc.uint8Array({ maxLength: 90 }), fc.constant(tombstone));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(key, value), { selector: ([at]) => at.join(), minLength: 1, maxLength: 60 }),
        fc.integer({ min: 64, max: 300 }),
        fc.option(key, { nil: undefined }),
        fc.option(key, { nil: undefined }),
        async (unsorted, blockBytes, from, to) => {
          const pairs = unsorted.toSorted(([one], [other]) => compareBytes(one, other));
          const place = bench();
          const run = await RunReader.open(place.context, await write(place, pairs, blockBytes));
          expect(await walk(await run.cursor({}, false))).toEqual(pairs);
          for (const [at, held] of pairs) expect(await run.lookup(at, filterHash(at))).toEqual(held);
          const seen = await walk(await run.cursor({ from, to }, true));
          const isIn = ([at]: Pairs[number]): boolean =>
            (from === undefined || compareBytes(at, from) >= 0) &&
            (to === undefined || compareBytes(at, to) < 0);
          expect(seen.filter(isIn)).toEqual(pairs.filter(isIn));
          expect(run.summary.entries).toBe(pairs.length);
          expect(run.summary.tombstones).toBe(pairs.filter(([, held]) => held === tombstone).length);
          await run.close();
          expect(place.context.openRuns.size).toBe(0);
        },
      ),
    );
  });

  it('has the bytes that the format says', async () => {
    const place = bench();
    const run = await write(place, samplePairs);
    expect(run).toEqual({ id: 5, nonce, size: place.machine.read(name).length });
    expect(place.machine.read(name)).toEqual(await golden('kv-run'));
  });

  it('reads the golden file of format 2', async () => {
    const place = bench();
    place.machine.write(name, await golden('kv-run'));
    const run = await RunReader.open(place.context, { id: 5, nonce, size: place.machine.read(name).length });
    expect(await walk(await run.cursor({}, false))).toEqual(samplePairs);
  });

  it('is not written when there is nothing to write', async () => {
    const place = bench();
    const table = new Memtable();
    table.set(bytes('gone'), tombstone);
    const options = { blockBytes: 64, keepTombstones: false, sites: noSites, isCancelled: () => false };
    const run = await writeRun(place.context.directory, { id: 5, nonce }, table.view().cursor(), options);
    expect(run).toBeUndefined();
    expect(place.machine.names()).toEqual([]);
  });

  it('reads a block only when its filter says that the key may be there', async () => {
    const place = bench();
    const run = await RunReader.open(place.context, await write(place, samplePairs));
    expect(run.lookup(bytes('blueberry'), filterHash(bytes('blueberry')))).toBeUndefined();
    expect(run.lookup(bytes('apple'), filterHash(bytes('apple')))).toBeInstanceOf(Promise);
    const beyond = Uint8Array.of(0xff, 0xff, 0);
    expect(run.lookup(beyond, filterHash(bytes('apple')))).toBeUndefined();
  });
});

describe('a damaged run', () => {
  /** Everything that a reader can get out of the file, or the error that stood in the way. */
  async function readAll(
    { machine, context }: Bench,
    damaged: Uint8Array,
    run: RunDescriptor,
  ): Promise<unknown> {
    machine.write(name, damaged);
    try {
      const reader = await RunReader.open(context, run);
      const pairs = await walk(await reader.cursor({}, false));
      await reader.close();
      return pairs;
    } catch (error) {
      for (const reader of context.openRuns) await reader.close();
      return error;
    }
  }

  it('is refused for every single flipped bit', async () => {
    const place = bench();
    const run = await write(place, samplePairs);
    const whole = place.machine.read(name);
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const damaged = whole.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(await readAll(place, damaged, run), `bit ${bit}`).toBeInstanceOf(StoreCorruptError);
    }
  });

  it('is refused at every shorter length, and longer', async () => {
    const place = bench();
    const run = await write(place, samplePairs);
    const whole = place.machine.read(name);
    for (let length = 0; length < whole.length; length += 1) {
      const error = await readAll(place, whole.slice(0, length), run);
      expect(error, `${length} bytes`).toBeInstanceOf(StoreCorruptError);
      // Even where a manifest would agree with the size.
      expect(await readAll(place, whole.slice(0, length), { ...run, size: length })).toBeInstanceOf(
        StoreCorruptError,
      );
    }
    expect(await readAll(place, Uint8Array.of(...whole, 0), run)).toBeInstanceOf(StoreCorruptError);
  });

  it('is refused when it is any other bytes', async () => {
    const place = bench();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
        const error = await readAll(place, noise, { id: 5, nonce, size: noise.length });
        expect(error).toBeInstanceOf(StoreCorruptError);
      }),
    );
  });

  it('is refused when a valid footer lies about what is before it, without allocating for it', async () => {
    const place = bench();
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.record({
          entries: fc.nat(1000),
          tombstones: fc.nat(1000),
          blocksBytes: fc.nat(300),
          blocks: fc.oneof(fc.nat(20), fc.constant(0xffffffff)),
          indexBytes: fc.oneof(fc.nat(300), fc.constant(0xffffffff)),
        }),
        fc.boolean(),
        async (noise, summary, fits) => {
          const indexBytes = fits ? Math.max(0, noise.length - summary.blocksBytes) : summary.indexBytes;
          const claims = { ...summary, indexBytes };
          const footer = encodeFooter({ id: 5, nonce }, claims, noise.subarray(summary.blocksBytes));
          const file = Uint8Array.of(...noise, ...footer);
          const error = await readAll(place, file, { id: 5, nonce, size: file.length });
          expect(error).toBeInstanceOf(StoreCorruptError);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is refused when a block of another run, or another block, stands in its place', async () => {
    const place = bench();
    const pairs: Pairs = ['a', 'b', 'c', 'd'].map((key) => [bytes(key), new Uint8Array(60).fill(1)] as const);
    const run = await write(place, pairs);
    const whole = place.machine.read(name);
    const other = bench();
    await writeRun(
      other.context.directory,
      { id: 5, nonce: nonce.toReversed() },
      tableOf(pairs).view().cursor(),
      { blockBytes: 64, keepTombstones: true, sites: noSites, isCancelled: () => false },
    );
    const blockBytes = 20 + 6 + 1 + 60;
    const foreign = whole.slice();
    foreign.set(other.machine.read(name).subarray(0, blockBytes), 0);
    expect(await readAll(place, foreign, run)).toMatchObject({
      reason: 'the block belongs to another run',
      offset: 0,
    });
    const swapped = whole.slice();
    swapped.set(whole.subarray(0, blockBytes), blockBytes);
    expect(await readAll(place, swapped, run)).toMatchObject({
      reason: 'the block is number 0, expected 1',
      offset: blockBytes,
      path: `${place.machine.directory}/${name}`,
    });
  });

  it('is refused when the whole file is another run', async () => {
    const place = bench();
    const run = await write(place, samplePairs);
    const footer = place.machine.read(name).slice(-footerBytes);
    expect(decodeFooter(footer, { ...run, id: 6 })).toMatch('the file is run 5');
    expect(decodeFooter(footer, { ...run, nonce: nonce.toReversed() })).toMatch('the file is run 5');
  });
});

function tableOf(pairs: Pairs): Memtable {
  const table = new Memtable();
  for (const [key, value] of pairs) table.set(key, value);
  return table;
}
