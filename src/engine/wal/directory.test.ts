import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostPorts } from '../../host/index.ts';
import { crashProfile, Disk, errno } from '../../sim/disk/index.ts';
import { makeDirectory, WalIoError } from './index.ts';
import { bodyOf, boot, directory, readAll } from './journal.test-support.ts';

/** What is left when the power goes and everything is lost that may be. */
function afterPowerLoss(disk: Disk): Disk {
  return disk.crashImage(crashProfile('strict'), { at: () => ({ choose: () => 0 }) }, 'lose-all').disk;
}

/** The first attempt to open a log fails to sync `path`, and the kernel counts its names as written. */
async function failToOpen(disk: Disk, path: string): Promise<void> {
  const process = boot(disk, (call, effect) => {
    if (call.operation !== 'fsync' || call.path !== path) return effect();
    call.file?.forgetNames();
    throw errno('EIO', call.operation, call.path);
  });
  await expect(process.open()).rejects.toBeInstanceOf(WalIoError);
}

async function openAndAppend(disk: Disk): Promise<void> {
  const journal = await boot(disk).open();
  await journal.append(bodyOf(0));
}

async function recordsIn(disk: Disk): Promise<number> {
  return (await readAll(await boot(disk).open())).length;
}

describe('the directory of a log', () => {
  it.each(['/', '/data'])('survives, though a first sync of %s failed and the next did not', async (path) => {
    const disk = new Disk();
    await failToOpen(disk, path);
    await openAndAppend(disk);
    expect(await recordsIn(afterPowerLoss(disk))).toBe(1);
  });

  it.each([1, 2])(
    'survives, though the next process is killed at rename %d of naming it anew',
    async (nth) => {
      for (const path of ['/', '/data']) {
        const disk = new Disk();
        await failToOpen(disk, path);
        let renames = 0;
        const killed = boot(disk, (call, effect) => {
          if (call.operation === 'rename' && ++renames === nth) throw errno('EIO', 'rename', call.path);
          return effect();
        });
        await expect(killed.open()).rejects.toBeInstanceOf(WalIoError);
        await openAndAppend(disk);
        expect(disk.readdir('/')).toEqual(['data']);
        expect(disk.readdir('/data')).toEqual(['log']);
        expect(await recordsIn(afterPowerLoss(disk))).toBe(1);
      }
    },
  );

  it('keeps its name once it holds something', async () => {
    const disk = new Disk();
    await openAndAppend(disk);
    let renames = 0;
    const process = boot(disk, (call, effect) => {
      if (call.operation === 'rename') renames += 1;
      return effect();
    });
    await (await process.open()).close();
    expect(renames).toBe(0);
  });

  it.each(['EBUSY', 'EROFS', 'ENOTEMPTY'] as const)(
    'is used as it is when it has to stay (%s)',
    async (code) => {
      const disk = new Disk();
      disk.mkdir(directory, { recursive: true });
      const process = boot(disk, (call, effect) => {
        if (call.operation === 'rename') throw errno(code, 'rename', call.path);
        return effect();
      });
      const journal = await process.open();
      await journal.append(bodyOf(0));
      expect(await readAll(journal)).toHaveLength(1);
    },
  );

  it('stays the one that a user made, on a real file system', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'stemedb-'));
    try {
      await chmod(home, 0o710);
      const { ino, mode } = await stat(home);
      await makeDirectory(hostPorts().fs, home);
      expect(await stat(home)).toMatchObject({ ino, mode });
      await makeDirectory(hostPorts().fs, `${home}/log`);
      expect(await stat(home)).toMatchObject({ ino, mode });
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('is refused while its name cannot be made durable', async () => {
    const disk = new Disk();
    for (let attempt = 0; attempt < 3; attempt++) await failToOpen(disk, '/');
    await openAndAppend(disk);
    expect(await recordsIn(afterPowerLoss(disk))).toBe(1);
  });
});
