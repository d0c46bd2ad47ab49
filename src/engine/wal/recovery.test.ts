import { describe, expect, it } from 'vitest';
import { Disk, errno } from '../../sim/disk/index.ts';
import { crashImages, WatchedProcess } from './crash.test-support.ts';
import { Journal, WalCorruptError, WalIoError } from './index.ts';
import {
  bodyOf,
  boot,
  directory,
  fingerprint,
  indexOf,
  type Place,
  readAll,
  readFile,
  segmentNames,
  smallOptions,
  syncDirectory,
  writeFile,
} from './journal.test-support.ts';

/** A log of several segments that was killed with groups in it that nothing proves. */
async function killedLog(): Promise<Disk> {
  const disk = new Disk();
  const journal = await boot(disk).open();
  for (let index = 0; index < 30; index += 1) await journal.append(bodyOf(index));
  for (let index = 30; index < 36; index += 1) await journal.append(bodyOf(index), { sync: false });
  return disk;
}

async function recovered(disk: Disk): Promise<Place[]> {
  const journal = await boot(disk).open();
  const records = await readAll(journal);
  await journal.close();
  return records;
}

const printOf = async (disk: Disk): Promise<string> => fingerprint(await recovered(disk));

const indexes = (records: readonly Place[]): number[] => records.map(({ body }) => indexOf(body));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('recovery', () => {
  it('of nothing gives an empty log, directory and all', async () => {
    const process = boot(new Disk());
    const journal = await process.open();
    expect([journal.firstOffset, journal.durableOffset.value, journal.tailOffset]).toEqual([0, 0, 0]);
    expect(await readAll(journal)).toEqual([]);
    await journal.close();
  });

  it('gives the same records at the same offsets however often it is done', async () => {
    const disk = await killedLog();
    const first = await recovered(disk);
    expect(indexes(first)).toEqual(upTo(36));
    for (let again = 0; again < 4; again += 1) expect(await printOf(disk)).toBe(fingerprint(first));
  });

  it('goes on where the log ended', async () => {
    const disk = await killedLog();
    const before = await boot(disk).open();
    const tail = before.tailOffset;
    const { offset, lsn } = await before.append(bodyOf(36));
    expect(offset).toBe(tail);
    expect(lsn).toBeGreaterThan((await readAll(before)).at(-2)!.lsn);
    expect(indexes(await recovered(disk))).toEqual(upTo(37));
  });

  it('makes durable what it shows, though it was only written before', async () => {
    const disk = await killedLog();
    const journal = await boot(disk).open();
    const shown = await readAll(journal);
    expect(indexes(shown)).toEqual(upTo(36));
    for (const image of crashImages(disk, 10)) expect(await printOf(image)).toBe(fingerprint(shown));
  });

  it('never writes to a file that was there before', async () => {
    const disk = await killedLog();
    const before = segmentNames(disk);
    const written = new Set<string>();
    const process = boot(disk, (call, effect) => {
      if (call.operation === 'write' || call.operation === 'ftruncate') written.add(call.path);
      return effect();
    });
    const journal = await process.open();
    for (let index = 0; index < 30; index += 1) await journal.append(bodyOf(index));
    await journal.close();
    expect(written.size).toBeGreaterThan(1);
    for (const name of before) expect(written).not.toContain(`${directory}/${name}`);
  });

  it('comes to the same when the power goes at any moment of it, and of the recovery after that', async () => {
    const killed = await killedLog();
    for (const disk of crashImages(killed, 2)) {
      const expected = await printOf(disk.fork());
      for (const first of await momentsOfRecovery(disk)) {
        for (const image of crashImages(first, 1)) {
          expect(await printOf(image.fork())).toBe(expected);
          const [second] = (await momentsOfRecovery(image)).slice(-6);
          for (const after of crashImages(second!, 1)) expect(await printOf(after)).toBe(expected);
        }
      }
    }
  });

  it('comes to the same when it is killed at any moment and the power goes later', async () => {
    for (const disk of await momentsOfRecovery(await killedLog())) {
      const journal = await boot(disk).open();
      const shown = await readAll(journal);
      expect(indexes(shown)).toEqual(upTo(36));
      for (const image of crashImages(disk, 4)) expect(await printOf(image)).toBe(fingerprint(shown));
    }
  });

  it('cuts a torn tail and keeps every acknowledged record', async () => {
    const disk = await killedLog();
    const name = segmentNames(disk).at(-1)!;
    const bytes = readFile(disk, name);
    for (const [from, kept] of [
      [bytes.length - 1, 35],
      [bytes.length - 512 * 3, 33],
    ] as const) {
      const torn = disk.fork();
      writeFile(torn, name, bytes.slice().fill(0x55, from, from + 1));
      const process = boot(torn);
      const journal = await process.open();
      expect(indexes(await readAll(journal))).toEqual(upTo(kept));
      expect(process.reached('wal.torn-tail-cut')).toBe(1);
      await journal.close();
    }
  });

  it('refuses damage below what a record behind it says is durable', async () => {
    const disk = new Disk();
    const journal = await boot(disk).open();
    const places = [];
    for (let index = 0; index < 5; index += 1) places.push(await journal.append(bodyOf(index)));
    const [name] = segmentNames(disk) as [string];
    const bytes = readFile(disk, name);
    // The fourth group is damaged, and the fifth, which no chain leads to any more, proves it.
    bytes.fill(0, 1024 + places[3]!.offset, 1024 + places[3]!.endOffset);
    writeFile(disk, name, bytes);
    await expect(boot(disk).open()).rejects.toBeInstanceOf(WalCorruptError);
  });

  it('takes zeros after the end for what they are', async () => {
    const disk = await killedLog();
    const name = segmentNames(disk).at(-1)!;
    const bytes = readFile(disk, name);
    const longer = new Uint8Array(bytes.length + 3000);
    longer.set(bytes);
    writeFile(disk, name, longer);
    expect(indexes(await recovered(disk))).toEqual(upTo(36));
  });

  it('takes no notice of segments that were removed and are back', async () => {
    const disk = new Disk();
    const journal = await boot(disk).open();
    for (let index = 0; index < 60; index += 1) await journal.append(bodyOf(index));
    const all = segmentNames(disk).map((name) => ({ name, bytes: readFile(disk, name) }));
    const kept = (await readAll(journal))[40]!;
    await journal.cleanup(kept.offset);
    const left = await readAll(journal);
    await journal.close();
    const removed = all.filter(({ name }) => !segmentNames(disk).includes(name));
    expect(removed.length).toBeGreaterThan(2);
    for (let subset = 1; subset < 1 << removed.length; subset += 1) {
      const back = disk.fork();
      removed.forEach(({ name, bytes }, at) => {
        if (subset & (1 << at)) writeFile(back, name, bytes);
      });
      const again = await boot(back).open({}, { checkpoint: kept.endOffset, neededFrom: kept.offset });
      expect(await readAll(again, kept.offset)).toEqual(left.filter(({ offset }) => offset >= kept.offset));
      await again.cleanup(kept.offset);
      await again.close();
      const closing = await boot(back).open();
      expect((await readAll(closing)).at(-1)?.body).toEqual(bodyOf(59));
      await closing.close();
    }
  });

  it('takes no notice of a segment that it superseded and that is back', async () => {
    const disk = new Disk();
    const journal = await boot(disk).open();
    await journal.append(bodyOf(0));
    const [name] = segmentNames(disk) as [string];
    const bytes = readFile(disk, name);
    const expected = await recovered(disk);
    expect(segmentNames(disk)).not.toContain(name);
    writeFile(disk, name, bytes);
    expect(await recovered(disk)).toEqual(expected);
    expect(segmentNames(disk)).not.toContain(name);
  });

  it('refuses a checkpoint beyond the end, also of an empty log', async () => {
    const disk = await killedLog();
    const end = (await recovered(disk)).at(-1)!.endOffset;
    await expect(boot(disk).open({}, { checkpoint: end + 4096 })).rejects.toBeInstanceOf(WalCorruptError);
    await expect(boot(new Disk()).open({}, { checkpoint: 1 })).rejects.toBeInstanceOf(WalCorruptError);
  });

  it('can be judged first: what it will hold is read, and nothing is changed', async () => {
    const disk = await killedLog();
    const files = (): unknown => segmentNames(disk).map((name) => [name, readFile(disk, name)]);
    const before = files();
    const process = boot(disk);
    const judged = await Journal.judge(process.ports, directory, smallOptions);
    const foreseen = await readAll(judged);
    expect(files()).toEqual(before);
    expect(process.fs.openHandles()).toEqual([]);
    const journal = await Journal.openJudged(judged);
    expect(fingerprint(await readAll(journal))).toBe(fingerprint(foreseen));
    expect(journal.durableOffset.value).toBe(judged.endOffset);
    await journal.append(bodyOf(36));
    await journal.close();
    expect(indexes(await recovered(disk))).toEqual(upTo(37));
  });

  it('judges a log that is not there without making its directory', async () => {
    const disk = new Disk();
    const { ports } = boot(disk);
    const judged = await Journal.judge(ports, directory);
    expect(judged.endOffset).toBe(0);
    await expect(ports.fs.stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses to begin within a record', async () => {
    const disk = await killedLog();
    const second = (await recovered(disk))[1]!;
    const before = segmentNames(disk);
    await expect(boot(disk).open({}, { neededFrom: second.offset + 1 })).rejects.toBeInstanceOf(
      WalCorruptError,
    );
    expect(segmentNames(disk)).toEqual(before);
    await (await boot(disk).open({}, { neededFrom: second.offset })).close();
  });

  it('takes an error of the disk for no end of a file, changes nothing that matters, and may be repeated', async () => {
    const killed = await killedLog();
    const expected = await printOf(killed.fork());
    for (let failing = 1, failed = true; failed; failing += 1) {
      const disk = killed.fork();
      let calls = 0;
      const process = boot(disk, (call, effect) => {
        calls += 1;
        if (calls !== failing) return effect();
        // A handle is gone after close, whatever that says.
        if (call.operation === 'close') effect();
        throw errno('EIO', call.operation, call.path);
      });
      const journal = await process.open().catch((error: unknown) => {
        expect(error).toBeInstanceOf(WalIoError);
        return undefined;
      });
      failed = calls >= failing;
      expect(process.fs.openHandles().length).toBeLessThanOrEqual(journal === undefined ? 0 : 1);
      await journal?.close();
      syncDirectory(disk);
      expect(await printOf(disk)).toBe(expected);
    }
  });
});

/** The disk before each call of the file system that opening the log on a copy of it makes. */
async function momentsOfRecovery(disk: Disk): Promise<Disk[]> {
  const copy = disk.fork();
  const watched = new WatchedProcess(copy, () => undefined);
  watched.watch();
  await watched.process.open();
  return [...watched.moments.map((moment) => moment.disk), copy];
}
