import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashProfile, Disk } from '../../sim/disk/index.ts';
import { type AppendReceipt, type Journal, WalCorruptError } from './index.ts';
import {
  bodyOf,
  boot,
  indexOf,
  isIntact,
  readAll,
  readFile,
  segmentNames,
  smallOptions,
  writeFile,
} from './journal.test-support.ts';

/** A disk with a log on it, and where its records are. */
interface Written {
  readonly disk: Disk;
  readonly places: readonly AppendReceipt[];
}

/** Appends `count` records, one a group, and closes the log or leaves it as a kill would. */
async function write(count: number, { close = true } = {}): Promise<Written> {
  const disk = new Disk();
  const journal = await boot(disk).open();
  const places: AppendReceipt[] = [];
  for (let index = 0; index < count; index += 1) places.push(await journal.append(bodyOf(index)));
  if (close) await journal.close();
  return { disk, places };
}

/** What a damaged log comes to: the records it holds, or `undefined` when it is refused. */
async function outcome(disk: Disk): Promise<number[] | undefined> {
  const before = disk.digest();
  let journal: Journal;
  try {
    journal = await boot(disk).open();
  } catch (error) {
    expect(error).toBeInstanceOf(WalCorruptError);
    expect(disk.digest()).toBe(before);
    return undefined;
  }
  const records = await readAll(journal);
  await journal.close();
  for (const { body } of records) expect(isIntact(body)).toBe(true);
  return records.map(({ body }) => indexOf(body));
}

function damaged(disk: Disk, name: string, change: (bytes: Uint8Array) => Uint8Array | void): Disk {
  const copy = disk.fork();
  const bytes = readFile(copy, name);
  writeFile(copy, name, change(bytes) ?? bytes);
  return copy;
}

const flip =
  (at: number, bit = at % 8) =>
  (bytes: Uint8Array): void => {
    bytes[at]! ^= 1 << bit;
  };

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('a flipped bit in a log that was closed', () => {
  it('is refused or does no harm, whichever byte it is in', async () => {
    const { disk } = await write(3);
    const [name] = segmentNames(disk) as [string];
    const outcomes = new Set<string>();
    for (let at = 0; at < readFile(disk, name).length; at += 1) {
      const found = await outcome(damaged(disk, name, flip(at)));
      if (found !== undefined) expect(found).toEqual(upTo(3));
      outcomes.add(found === undefined ? 'refused' : 'harmless');
    }
    expect(outcomes).toEqual(new Set(['refused', 'harmless']));
  });

  it('is refused or does no harm in any segment of many', async () => {
    const { disk } = await write(50);
    const files = segmentNames(disk).map((name) => ({ name, length: readFile(disk, name).length }));
    const bit = fc
      .constantFrom(...files)
      .chain(({ name, length }) => fc.tuple(fc.constant(name), fc.nat(length - 1), fc.nat(7)));
    const property = fc.asyncProperty(bit, async ([name, at, bitOf]) => {
      expect((await outcome(damaged(disk, name, flip(at, bitOf)))) ?? upTo(50)).toEqual(upTo(50));
    });
    expect((await fc.check(property, { numRuns: 150 })).counterexample).toBeNull();
  });
});

describe('a log that was killed', () => {
  it('loses to a flipped bit at most its last group', async () => {
    const { disk } = await write(3, { close: false });
    const [name] = segmentNames(disk) as [string];
    const outcomes = new Set<string>();
    for (let at = 0; at < readFile(disk, name).length; at += 1) {
      const found = await outcome(damaged(disk, name, flip(at)));
      if (found !== undefined) expect(found).toEqual(upTo(found.length));
      outcomes.add(found === undefined ? 'refused' : `${found.length} of 3`);
    }
    // The one undecidable case: nothing tells a rotten last group from one that was never written.
    expect(outcomes).toEqual(new Set(['refused', '3 of 3', '2 of 3']));
  });

  it('is refused when what it lost is below a checkpoint that the caller knows of', async () => {
    const { disk, places } = await write(3, { close: false });
    const [name] = segmentNames(disk) as [string];
    const rotten = damaged(disk, name, flip(readFile(disk, name).length - 1));
    const checkpoint = places[2]!.endOffset;
    await expect(boot(rotten).open({}, { checkpoint })).rejects.toBeInstanceOf(WalCorruptError);
    await boot(disk).open({}, { checkpoint });
  });
});

describe('a file that was cut off', () => {
  it('is refused or loses at most the group that nothing proves, wherever the cut', async () => {
    const { disk } = await write(3);
    const [name] = segmentNames(disk) as [string];
    for (let length = readFile(disk, name).length - 1; length >= 0; length -= 7) {
      const found = await outcome(damaged(disk, name, (bytes) => bytes.slice(0, length)));
      // Without a header and without a record, a file is as good as never made.
      if (length < 1024) expect(found ?? []).toEqual([]);
      else expect(found ?? [0, 1]).toEqual(upTo(found?.length ?? 2));
    }
  });

  it('is refused when another segment follows', async () => {
    const { disk } = await write(30);
    const [name] = segmentNames(disk) as [string];
    for (let length = readFile(disk, name).length - 1; length >= 0; length -= 211) {
      expect(await outcome(damaged(disk, name, (bytes) => bytes.slice(0, length)))).toBeUndefined();
    }
  });
});

describe('arbitrary bytes', () => {
  it('in place of a segment are refused, or are no segment, and ask for no more memory than they are', async () => {
    const { disk } = await write(20);
    const names = segmentNames(disk);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.uint8Array({ maxLength: 4096 }),
        fc.nat(4096),
        async (name, noise, from) => {
          let longestRead = 0;
          const copy = damaged(disk, name, (bytes) => bytes.set(noise.slice(0, bytes.length - from), from));
          const process = boot(copy, (call, effect) => {
            if (call.operation === 'read') longestRead = Math.max(longestRead, call.length);
            return effect();
          });
          try {
            const journal = await process.open();
            const found = (await readAll(journal)).map(({ body }) => indexOf(body));
            expect(found).toEqual(upTo(found.length));
            await journal.close();
          } catch (error) {
            expect(error).toBeInstanceOf(WalCorruptError);
          }
          expect(longestRead).toBeLessThanOrEqual(Math.max(smallOptions.readChunkBytes!, 8 * 1024));
          expect(process.fs.openHandles()).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('under other names are left alone', async () => {
    const { disk } = await write(3);
    for (const name of ['000000000001.seg', 'notes.txt', '000000000009-0123456789abcdef.seg.tmp']) {
      writeFile(disk, name, Uint8Array.of(1, 2, 3));
    }
    expect(await outcome(disk)).toEqual(upTo(3));
    expect(segmentNames(disk)).toEqual(expect.arrayContaining(['000000000001.seg', 'notes.txt']));
  });
});

describe('what stands in the wrong place', () => {
  it('is refused: a record in the place of another of the same segment', async () => {
    const { disk, places } = await write(4);
    const [name] = segmentNames(disk) as [string];
    const at = (index: number): number => 1024 + places[index]!.offset;
    const moved = damaged(disk, name, (bytes) => bytes.copyWithin(at(1), at(2), at(3)));
    expect(await outcome(moved)).toBeUndefined();
  });

  it('is refused: a segment in the place of another', async () => {
    const { disk } = await write(30);
    const [first, second] = segmentNames(disk) as [string, string];
    expect(await outcome(damaged(disk, first, () => readFile(disk, second)))).toBeUndefined();
  });

  it('is refused: nothing, where a segment that is still needed was', async () => {
    const { disk, places } = await write(60);
    const [, second] = segmentNames(disk) as [string, string];
    disk.unlink(`/data/log/${second}`);
    await expect(boot(disk.fork()).open({}, { neededFrom: 0 })).rejects.toBeInstanceOf(WalCorruptError);
    const journal = await boot(disk).open({}, { neededFrom: places[40]!.offset });
    expect((await readAll(journal, places[40]!.offset)).length).toBe(20);
  });
});

describe('a header', () => {
  it('may lose either copy', async () => {
    const { disk } = await write(30);
    for (const name of segmentNames(disk)) {
      for (const at of [0, 512]) {
        const rotten = damaged(disk, name, (bytes) => bytes.fill(0xaa, at, at + 512));
        expect(await outcome(rotten)).toEqual(upTo(30));
      }
    }
  });

  it('may not lose both, once there is a record below it', async () => {
    const { disk } = await write(30);
    for (const name of segmentNames(disk)) {
      expect(await outcome(damaged(disk, name, (bytes) => bytes.fill(0, 0, 1024)))).toBeUndefined();
    }
  });

  it('of a log with a single segment that was carried over may not lose both either', async () => {
    const disk = new Disk();
    await (await boot(disk).open()).append(bodyOf(0));
    await boot(disk).open();
    const [name, ...others] = segmentNames(disk) as [string];
    expect(others).toEqual([]);
    expect(await outcome(damaged(disk, name, (bytes) => bytes.fill(0, 0, 1024)))).toBeUndefined();
  });
});

describe('the watermark that close writes', () => {
  it('is durable, and makes damage to the last group loud', async () => {
    const { disk, places } = await write(3);
    const draws = { at: () => ({ choose: () => 0 }) };
    const after = disk.crashImage(crashProfile('strict'), draws, 'lose-all').disk;
    const [name] = segmentNames(after) as [string];
    expect(await outcome(damaged(after, name, flip(1024 + places[2]!.offset + 50)))).toBeUndefined();
  });
});
