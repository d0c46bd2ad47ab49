import { describe, expect, it } from 'vitest';
import { crashProfile, Disk, errno } from '../../sim/disk/index.ts';
import {
  Journal,
  WalBodyError,
  WalBusyError,
  WalClosedError,
  WalIoError,
  WalOffsetError,
  WalOptionsError,
} from './index.ts';
import {
  bodyOf,
  boot,
  directory,
  ManualClock,
  readAll,
  readFile,
  segmentNames,
  TestProcess,
} from './journal.test-support.ts';

describe('append', () => {
  it('gives back what it was given, in order, each record where the one before ended', async () => {
    const journal = await boot(new Disk()).open();
    const bodies = Array.from({ length: 40 }, (_, index) => bodyOf(index));
    const receipts = await Promise.all(bodies.map((body) => journal.append(body)));
    const records = await readAll(journal);
    expect(records.map(({ body }) => body)).toEqual(bodies);
    expect(records.map(({ offset, endOffset, lsn }) => ({ offset, endOffset, lsn }))).toEqual(receipts);
    for (const [index, { offset }] of records.entries()) {
      expect(offset).toBeGreaterThanOrEqual(records[index - 1]?.endOffset ?? 0);
    }
    await journal.close();
  });

  it('takes an empty body', async () => {
    const journal = await boot(new Disk()).open();
    await journal.append(new Uint8Array(0));
    expect((await readAll(journal)).map(({ body }) => body.length)).toEqual([0]);
    await journal.close();
  });

  it('makes all that queued up durable with one sync', async () => {
    let syncs = 0;
    const process = boot(new Disk(), (call, effect) => {
      if (call.operation === 'fdatasync') syncs += 1;
      return effect();
    });
    const journal = await process.open();
    const first = journal.append(bodyOf(0));
    await first;
    syncs = 0;
    await Promise.all([1, 2, 3, 4].map((index) => journal.append(bodyOf(index, 50))));
    expect(syncs).toBe(1);
    expect(process.reached('wal.group-of-many')).toBe(1);
    await journal.close();
  });

  it('starts every group in a sector of its own', async () => {
    const disk = new Disk();
    const journal = await boot(disk).open();
    for (let index = 0; index < 5; index += 1) {
      const { offset, endOffset } = await journal.append(bodyOf(index));
      expect(offset % 512).toBe(0);
      expect(endOffset % 512).toBe(0);
    }
    await journal.close();
  });

  it('resolves without a sync when told to, keeps the order, and syncs with the next that wants it', async () => {
    let syncs = 0;
    const process = boot(new Disk(), (call, effect) => {
      if (call.operation === 'fdatasync') syncs += 1;
      return effect();
    });
    const journal = await process.open();
    const { endOffset } = await journal.append(bodyOf(0), { sync: false });
    expect(syncs).toBe(0);
    expect(journal.durableOffset.value).toBe(0);
    expect(journal.tailOffset).toBe(endOffset);
    expect(await readAll(journal)).toEqual([]);
    const second = await journal.append(bodyOf(1));
    expect(syncs).toBe(1);
    expect(journal.durableOffset.value).toBe(second.endOffset);
    expect((await readAll(journal)).map(({ body }) => body)).toEqual([bodyOf(0), bodyOf(1)]);
    await journal.close();
  });

  it('makes everything written durable on sync(), and does nothing when it is', async () => {
    let syncs = 0;
    const process = boot(new Disk(), (call, effect) => {
      if (call.operation === 'fdatasync') syncs += 1;
      return effect();
    });
    const journal = await process.open();
    const { endOffset } = await journal.append(bodyOf(0), { sync: false });
    await journal.sync();
    expect(journal.durableOffset.value).toBe(endOffset);
    await journal.sync();
    expect(syncs).toBe(1);
    await journal.close();
  });

  it('refuses a body beyond the limit and goes on', async () => {
    const journal = await boot(new Disk()).open({ bodyBytesMax: 100 });
    await expect(journal.append(new Uint8Array(101))).rejects.toBeInstanceOf(WalBodyError);
    await journal.append(new Uint8Array(100));
    await journal.close();
  });

  it('refuses appends while the queue is full, and takes them again when there is room', async () => {
    const journal = await boot(new Disk()).open({ queueBytesMax: 1000 });
    const queued = [journal.append(new Uint8Array(600)), journal.append(new Uint8Array(600))];
    await expect(journal.append(new Uint8Array(1))).rejects.toBeInstanceOf(WalBusyError);
    await journal.room();
    await journal.append(new Uint8Array(1));
    await Promise.all(queued);
    await journal.close();
  });

  it('splits what is queued into groups of bounded size', async () => {
    const writes: number[] = [];
    const process = boot(new Disk(), (call, effect) => {
      if (call.operation === 'write') writes.push(call.length);
      return effect();
    });
    const journal = await process.open({ groupBytesMax: 1500, segmentBytes: 1 << 20 });
    await Promise.all(Array.from({ length: 20 }, () => journal.append(new Uint8Array(300))));
    expect(Math.max(...writes)).toBeLessThanOrEqual(1536);
    await journal.close();
  });
});

describe('segments', () => {
  it('rotate when full, and are read across as if there were none', async () => {
    const disk = new Disk();
    const process = boot(disk);
    const journal = await process.open();
    const bodies = Array.from({ length: 60 }, (_, index) => bodyOf(index));
    for (const body of bodies) await journal.append(body);
    expect(process.reached('wal.rotated')).toBeGreaterThan(3);
    expect(journal.segmentCount).toBe(segmentNames(disk).length);
    for (const name of segmentNames(disk)) expect(readFile(disk, name).length).toBeLessThanOrEqual(8 * 1024);
    expect((await readAll(journal)).map(({ body }) => body)).toEqual(bodies);
    await journal.close();
  });

  it('hold a body larger than a segment in one of its own', async () => {
    const journal = await boot(new Disk()).open({ readChunkBytes: 512 });
    const bodies = [bodyOf(0), new Uint8Array(50_000).fill(7), bodyOf(2), new Uint8Array(9_000).fill(8)];
    for (const body of bodies) await journal.append(body);
    expect((await readAll(journal)).map(({ body }) => body)).toEqual(bodies);
    await journal.close();
  });

  it('stay in reach by offset, each record alone', async () => {
    const journal = await boot(new Disk()).open();
    const places = [];
    for (let index = 0; index < 40; index += 1) places.push(await journal.append(bodyOf(index)));
    for (const [index, place] of places.entries()) {
      expect(await journal.read(place.offset)).toEqual({ ...place, body: bodyOf(index) });
      const [next] = await readAll(journal, place.offset);
      expect(next?.body).toEqual(bodyOf(index));
    }
    await journal.close();
  });
});

describe('a reader', () => {
  it('follows the writer across segments without being opened again', async () => {
    const journal = await boot(new Disk()).open();
    const reader = journal.reader(0);
    const seen: Uint8Array[] = [];
    const follow = (async () => {
      while (seen.length < 60) {
        const record = await reader.next();
        if (record === undefined) await journal.durableOffset.reach(reader.position + 1);
        else seen.push(record.body);
      }
    })();
    for (let index = 0; index < 60; index += 1) await journal.append(bodyOf(index));
    await follow;
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => bodyOf(index)));
    expect(await reader.next()).toBeUndefined();
    expect(reader.position).toBe(journal.durableOffset.value);
    await reader.close();
    await journal.close();
  });

  it('hands out batches that are the same records', async () => {
    const journal = await boot(new Disk()).open();
    await Promise.all(Array.from({ length: 30 }, (_, index) => journal.append(bodyOf(index))));
    const reader = journal.reader(0);
    const seen = [await reader.next()];
    for (let batch = await reader.nextBatch(); batch.length > 0; batch = await reader.nextBatch()) {
      seen.push(...batch);
    }
    expect(seen.map((record) => record?.body)).toEqual(
      Array.from({ length: 30 }, (_, index) => bodyOf(index)),
    );
    await reader.close();
    await journal.close();
  });

  it('comes to the durable end also where that is not the end of a data record', async () => {
    const disk = new Disk();
    const journal = await boot(disk).open();
    await journal.append(bodyOf(0));
    await journal.close();
    const again = await boot(disk).open({}, { checkpoint: journal.tailOffset });
    const reader = again.reader(0);
    expect((await reader.nextBatch()).length).toBe(1);
    expect(await reader.next()).toBeUndefined();
    expect(reader.position).toBe(again.durableOffset.value);
    await again.close();
  });

  it('refuses offsets that the log does not hold', async () => {
    const journal = await boot(new Disk()).open();
    const { endOffset } = await journal.append(bodyOf(0));
    expect(() => journal.reader(endOffset + 1)).toThrow(WalOffsetError);
    await expect(journal.read(endOffset)).rejects.toBeInstanceOf(WalOffsetError);
    await journal.close();
  });

  it('is ended by close, and so is everything else', async () => {
    const disk = new Disk();
    const process = boot(disk);
    const journal = await process.open();
    await journal.append(bodyOf(0));
    const reader = journal.reader(0);
    await reader.next();
    const waiting = journal.durableOffset.reach(1 << 30);
    await Promise.all([journal.close(), expect(waiting).rejects.toBeInstanceOf(WalClosedError)]);
    await expect(reader.next()).rejects.toBeInstanceOf(WalClosedError);
    await expect(journal.append(bodyOf(1))).rejects.toBeInstanceOf(WalClosedError);
    await expect(journal.sync()).rejects.toBeInstanceOf(WalClosedError);
    await expect(journal.read(0)).rejects.toBeInstanceOf(WalClosedError);
    await expect(journal.cleanup(0)).rejects.toBeInstanceOf(WalClosedError);
    expect(() => journal.reader(0)).toThrow(WalClosedError);
    await journal.close();
    expect(process.fs.openHandles()).toEqual([]);
  });
});

describe('close', () => {
  it('commits what is queued first', async () => {
    const disk = new Disk();
    const journal = await boot(disk).open();
    const appends = [0, 1, 2].map((index) => journal.append(bodyOf(index), { sync: index === 1 }));
    await journal.close();
    await Promise.all(appends);
    const again = await boot(disk).open();
    expect((await readAll(again)).map(({ body }) => body)).toEqual([bodyOf(0), bodyOf(1), bodyOf(2)]);
    await again.close();
  });

  it('leaves a log that grows no further when it is opened and closed again and again', async () => {
    const disk = new Disk();
    const journal = await boot(disk).open();
    await journal.append(bodyOf(0));
    await journal.close();
    const sizes = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      const again = await boot(disk).open();
      expect((await readAll(again)).map(({ body }) => body)).toEqual([bodyOf(0)]);
      await again.close();
      if (round > 0)
        sizes.add(
          segmentNames(disk)
            .map((name) => readFile(disk, name).length)
            .join(),
        );
    }
    expect(sizes.size).toBe(1);
  });
});

describe('cleanup', () => {
  it('removes whole segments below an offset, and the log opens without them', async () => {
    const disk = new Disk();
    const journal = await boot(disk).open();
    const places = [];
    for (let index = 0; index < 60; index += 1) places.push(await journal.append(bodyOf(index)));
    const kept = places[30]!;
    const count = journal.segmentCount;
    const removed = await journal.cleanup(kept.offset);
    expect(removed).toBeGreaterThan(0);
    expect(segmentNames(disk).length).toBe(count - removed);
    expect(journal.firstOffset).toBeGreaterThan(0);
    expect(journal.firstOffset).toBeLessThanOrEqual(kept.offset);
    expect(() => journal.reader(0)).toThrow(WalOffsetError);
    await journal.close();
    const again = await boot(disk).open({}, { checkpoint: kept.offset, neededFrom: kept.offset });
    expect(again.firstOffset).toBe(journal.firstOffset);
    expect((await readAll(again, kept.offset)).length).toBe(30);
    await again.close();
  });

  it('needs no sync: segments that a power loss brings back are no part of the log, and go again', async () => {
    const disk = new Disk();
    const journal = await boot(disk).open();
    for (let index = 0; index < 40; index += 1) await journal.append(bodyOf(index));
    const { value: end } = journal.durableOffset;
    const removed = await journal.cleanup(end);
    const { disk: after } = disk.crashImage(strict, loseAll, 'lose-all');
    expect(segmentNames(after).length).toBe(segmentNames(disk).length + removed);
    const again = await boot(after).open({}, { checkpoint: end, neededFrom: end });
    expect(await readAll(again, end)).toEqual([]);
    await again.append(bodyOf(40));
    await again.cleanup(end);
    expect(segmentNames(after).length).toBeLessThan(removed);
    await again.close();
  });

  it('never removes the newest segment, nor goes beyond the durable end', async () => {
    const journal = await boot(new Disk()).open();
    const { endOffset } = await journal.append(bodyOf(0));
    expect(await journal.cleanup(endOffset)).toBe(0);
    await expect(journal.cleanup(endOffset + 1)).rejects.toBeInstanceOf(WalOffsetError);
    expect((await readAll(journal)).length).toBe(1);
    await journal.close();
  });

  it('goes on with the next call where an error of the disk stopped it', async () => {
    const disk = new Disk();
    let failures = 0;
    const process = boot(disk, (call, effect) => {
      if (call.operation === 'unlink' && ++failures === 2) throw errno('EIO', 'unlink', call.path);
      return effect();
    });
    const journal = await process.open();
    for (let index = 0; index < 60; index += 1) await journal.append(bodyOf(index));
    const end = journal.durableOffset.value;
    await expect(journal.cleanup(end)).rejects.toBeInstanceOf(WalIoError);
    expect(await journal.cleanup(end)).toBeGreaterThan(0);
    expect(segmentNames(disk).length).toBe(journal.segmentCount);
    await journal.close();
  });

  it('does not disturb a reader in the segment that goes', async () => {
    const journal = await boot(new Disk()).open();
    for (let index = 0; index < 60; index += 1) await journal.append(bodyOf(index));
    const reader = journal.reader(0);
    const first = await reader.next();
    await journal.cleanup(journal.durableOffset.value);
    let problem: unknown;
    let count = 1;
    try {
      while ((await reader.next()) !== undefined) count += 1;
    } catch (error) {
      problem = error;
    }
    expect(first?.body).toEqual(bodyOf(0));
    expect(count).toBeGreaterThan(1);
    expect(problem).toBeInstanceOf(WalOffsetError);
    await journal.close();
  });
});

describe('an idle log', () => {
  it('is proven by a watermark once, some time after the last append', async () => {
    const clock = new ManualClock();
    const process = new TestProcess(new Disk(), { clock });
    const journal = await process.open({ idleWatermarkMs: 100 });
    await journal.append(bodyOf(0));
    await settled();
    clock.advance(60);
    await journal.append(bodyOf(1));
    await settled();
    clock.advance(60);
    await settled();
    expect(process.reached('wal.watermark')).toBe(0);
    clock.advance(40);
    await settled();
    expect(process.reached('wal.watermark')).toBe(1);
    clock.advance(1000);
    await settled();
    expect(process.reached('wal.watermark')).toBe(1);
    await journal.close();
    expect(process.reached('wal.watermark')).toBe(1);
  });
});

describe('options', () => {
  it('are refused when they make no sense', async () => {
    const process = boot(new Disk());
    for (const options of [
      { sectorBytes: 1000 },
      { sectorBytes: 256 },
      { segmentBytes: -1 },
      { bodyBytesMax: 2 ** 31 },
    ]) {
      await expect(process.open(options)).rejects.toBeInstanceOf(WalOptionsError);
    }
    expect(process.disk.readdir('/')).toEqual([]);
  });

  it('may ask for larger sectors than those of older segments, or smaller ones', async () => {
    const disk = new Disk();
    let count = 0;
    for (const sectorBytes of [512, 4096, 1024, 512, 2048]) {
      const journal = await Journal.open(boot(disk).ports, directory, { sectorBytes, idleWatermarkMs: 0 });
      expect((await readAll(journal)).length).toBe(count);
      for (let more = 0; more < 3; more += 1) await journal.append(bodyOf((count += 1)), { sync: more < 1 });
    }
    const journal = await boot(disk).open();
    expect((await readAll(journal)).map(({ body }) => body)).toEqual(
      Array.from({ length: count }, (_, index) => bodyOf(index + 1)),
    );
    await journal.close();
  });
});

/** Long enough for every task that can run to have run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const strict = crashProfile('strict');
const loseAll = { at: () => ({ choose: () => 0 }) };
