import { describe, expect, it } from 'vitest';
import { Disk } from '../../sim/disk/index.ts';
import { Journal, WalChangedError, WalCorruptError } from './index.ts';
import {
  bodyOf,
  boot,
  directory,
  indexOf,
  readAll,
  segmentNames,
  smallOptions,
} from './journal.test-support.ts';

/**
 * Found by arena 3 under `fsync-failure`, seed 103841137172787. A process failed to sync its last group, and the
 * next one, on the same page cache, judged the log with that group. Before it had carried the group to a new
 * segment, the kernel dropped the pages, which counted as clean, and showed those of the disk. Recovery called that
 * damage and refused to open, for good reason as far as it could see, and to the loss of everybody.
 */
describe('a log whose unsynced pages leave memory between being judged and being opened', () => {
  it('is judged again, and holds what the disk has', async () => {
    const disk = await logWithStaleTail();
    const process = boot(disk, (call, effect) => {
      // The first thing that is done to a log once it was judged.
      if (call.operation === 'open' && call.flags !== 'r') evictAll(disk);
      return effect();
    });
    const journal = await process.open();
    expect(process.reached('wal.changed-while-recovering')).toBe(1);
    expect((await readAll(journal)).map(({ body }) => indexOf(body))).toEqual([0, 1, 2]);
    await journal.append(bodyOf(3));
    await journal.close();
  });

  it('tells whoever reads it before it is opened, above what is proven to be durable and only there', async () => {
    const disk = await logWithStaleTail();
    const judged = await Journal.judge(boot(disk).ports, directory, smallOptions);
    const reader = judged.reader(0);
    evictAll(disk);
    const read = async (): Promise<void> => {
      while ((await reader.next()) !== undefined);
    };
    await expect(read()).rejects.toBeInstanceOf(WalChangedError);
    await reader.close();
    await expect(Journal.openJudged(judged)).rejects.toBeInstanceOf(WalChangedError);
  });

  it('is still refused as corrupt when what is proven to be durable changes', async () => {
    const disk = await logWithStaleTail();
    const judged = await Journal.judge(boot(disk).ports, directory, smallOptions);
    const path = `${directory}/${segmentNames(disk)[0]}`;
    const file = disk.open(path, 'r+');
    file.write(new Uint8Array(512), 0, 512, 2 * 4096);
    file.close();
    const reader = judged.reader(0);
    await expect(reader.next()).rejects.toBeInstanceOf(WalCorruptError);
    await reader.close();
  });
});

/** Three records that were acknowledged, and one whose sync failed, which only memory has. */
async function logWithStaleTail(): Promise<Disk> {
  const disk = new Disk();
  const journal = await boot(disk).open({ segmentBytes: 64 * 1024, sectorBytes: 4096 });
  for (const index of [0, 1, 2]) await journal.append(bodyOf(index));
  await journal.append(bodyOf(9), { sync: false });
  const file = disk.open(`${directory}/${segmentNames(disk).at(-1)}`, 'r');
  file.syncAllBut(file.dirtyPages);
  file.close();
  return disk;
}

function evictAll(disk: Disk): void {
  for (const name of segmentNames(disk)) {
    const file = disk.open(`${directory}/${name}`, 'r');
    file.evict();
    file.close();
  }
}
