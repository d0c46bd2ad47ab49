import { describe, expect, it } from 'vitest';
import { afterPowerLoss, bytesOf, contentOf, laboratory, struck } from './faults.test-support.ts';

const path = '/data/f';
const old = { files: { [path]: bytesOf('x'.repeat(9000)) } };
const once = { outOf: 1, max: 1 };
const page = new Uint8Array(4096).fill(7);

describe('a full disk', () => {
  const full = { noSpace: { ...once, leftBytesMax: 0, microsMax: 1 } };

  it('has space again after a while', async () => {
    const { fs, clock, injector } = laboratory(full);
    await expect(fs.mkdir('/data/d')).rejects.toMatchObject({ code: 'ENOSPC', path: '/data/d' });
    await expect(fs.open(path, 'w')).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(fs.rename('/data/bystander', path)).rejects.toMatchObject({ code: 'ENOSPC', dest: path });
    clock.micros += 1;
    await fs.mkdir('/data/d');
    expect(Object.fromEntries(injector.counts())).toEqual({ noSpace: 1, spaceRefusal: 3 });
  });

  it('takes what fits, refuses the rest, and lets be written in place', async () => {
    const { fs } = laboratory(full, old);
    const file = await fs.open(path, 'r+');
    const bytes = new Uint8Array(8192);
    expect(await file.write(bytes, 0, 8192, 8192)).toEqual({ bytesWritten: 4096 });
    await expect(file.write(bytes, 0, 8192, 12_288)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await file.write(bytes, 0, 8192, 0)).toEqual({ bytesWritten: 8192 });
    expect((await file.stat()).size).toBe(12_288);
  });

  it('has room for what is removed, once no handle is left', async () => {
    const { fs } = laboratory(full, old);
    await expect(fs.mkdir('/data/d')).rejects.toMatchObject({ code: 'ENOSPC' });
    const file = await fs.open(path, 'r');
    await fs.unlink(path);
    await expect(fs.mkdir('/data/d')).rejects.toMatchObject({ code: 'ENOSPC' });
    await file.close();
    await fs.mkdir('/data/d');
  });

  it('still says that a directory is there, or that its parent is not', async () => {
    const { fs } = laboratory(full);
    await expect(fs.mkdir('/data/d')).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await fs.mkdir('/data', { recursive: true })).toBeUndefined();
    await expect(fs.open('/nowhere/f', 'w')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('by a quota has an error that Node cannot name', async () => {
    const { fs } = laboratory({ quota: full.noSpace });
    const unnamed = { code: 'Unknown system error -122', errno: -122 };
    await expect(fs.mkdir('/data/d')).rejects.toMatchObject(unnamed);
  });
});

describe('room that is missing late', () => {
  it('is told once to every handle of the file by its own error, and concerns only pages that are new', async () => {
    const lab = laboratory({ lateNoSpace: once }, old);
    const [one, other] = [await lab.fs.open(path, 'r+'), await lab.fs.open(path, 'r+')];
    await one.write(page, 0, page.length, 0);
    await one.sync();
    await one.write(page, 0, page.length, 20_000);
    await expect(one.datasync()).rejects.toMatchObject({ code: 'ENOSPC', syscall: 'fdatasync' });
    await one.sync();
    await expect(other.sync()).rejects.toMatchObject({ code: 'ENOSPC', syscall: 'fsync' });
    await other.sync();
    expect(Object.fromEntries(lab.injector.counts())).toEqual({ lateNoSpace: 1, lateSyncError: 1 });
    expect(afterPowerLoss(lab.disk, path)?.slice(0, 4096)).toBe('\u0007'.repeat(4096));
  });

  it('may be told by a close, which closes all the same', async () => {
    const lab = laboratory({ lateQuota: once }, old);
    const file = await lab.fs.open(path, 'r+');
    await file.write(page, 0, page.length, 20_000);
    const quota = { code: 'Unknown system error -122', errno: -122, syscall: 'close' };
    await expect(file.close()).rejects.toMatchObject(quota);
    await file.close();
    await expect(file.stat()).rejects.toMatchObject({ code: 'EBADF' });
    lab.disk.unlink(path);
    lab.disk.open('/data', 'r').sync();
    expect(lab.disk.nodeCount).toBe(3);
  });
});

describe('a file system without room for names', () => {
  it('neither makes nor moves nor removes any, and reads and writes on', async () => {
    const { fs, clock, injector } = laboratory({ noSpaceForNames: { ...once, microsMax: 1 } }, old);
    const full = { code: 'ENOSPC' };
    await expect(fs.unlink(path)).rejects.toMatchObject({ ...full, path });
    await expect(fs.rename(path, '/data/bystander')).rejects.toMatchObject(full);
    await expect(fs.mkdir('/data/d')).rejects.toMatchObject(full);
    await expect(fs.open('/data/new', 'w')).rejects.toMatchObject(full);
    await expect(fs.unlink('/data/none')).rejects.toMatchObject({ code: 'ENOENT' });
    const file = await fs.open(path, 'w');
    await file.write(page, 0, page.length, 0);
    await file.sync();
    injector.rebooted();
    await expect(fs.unlink(path)).rejects.toMatchObject(full);
    clock.micros += 1;
    await fs.unlink(path);
    expect(Object.fromEntries(injector.counts())).toEqual({ noSpaceForNames: 1, nameSpaceRefusal: 5 });
  });
});

describe('a sync whose failure comes out late', () => {
  it('succeeds, and the next one of each handle says so once', async () => {
    const lab = laboratory({ unreportedSyncError: once }, old);
    const [one, other] = [await lab.fs.open(path, 'r+'), await lab.fs.open(path, 'r')];
    await one.write(page, 0, page.length, 0);
    await one.sync();
    for (const file of [one, other]) {
      await expect(file.sync()).rejects.toMatchObject({ code: 'EIO', syscall: 'fsync' });
      await file.sync();
    }
    await (await lab.fs.open(path, 'r')).sync();
    expect(Object.fromEntries(lab.injector.counts())).toEqual({ unreportedSyncError: 1, lateSyncError: 2 });
    expect(afterPowerLoss(lab.disk, path)).toBe('x'.repeat(9000));
  });
});

describe('a bit that rots', () => {
  it('is the same at every read, by the next process, and after a power loss', async () => {
    const lab = laboratory({ bitRot: once }, old);
    const before = contentOf(lab.disk, path);
    const file = await lab.fs.open(path, 'r');
    await file.read(page.slice(), 0, 100, 5000);
    const rotten = contentOf(lab.disk, path);
    expect(rotten).not.toBe(before);
    expect(rotten?.slice(0, 5000)).toBe(before?.slice(0, 5000));
    expect(rotten?.slice(5100)).toBe(before?.slice(5100));
    await file.read(page.slice(), 0, 100, 5000);
    expect(contentOf(lab.disk.fork(), path)).toBe(rotten);
    expect(afterPowerLoss(lab.disk, path)).toBe(rotten);
    expect(struck(lab, 'bitRot')).toBe(1);
  });

  it('is none that is not on the medium yet', async () => {
    const lab = laboratory({ bitRot: once });
    const file = await lab.fs.open(path, 'w+');
    await file.write(page, 0, page.length, 0);
    await file.read(page.slice(), 0, 100, 0);
    expect(struck(lab, 'bitRot')).toBe(0);
    await file.sync();
    await file.read(page.slice(), 0, 100, 0);
    expect(struck(lab, 'bitRot')).toBe(1);
  });
});

describe('a sync that fails', () => {
  it('says so once to each handle of the file, and succeeds from then on', async () => {
    const lab = laboratory({ syncError: once }, old);
    const [one, other] = [await lab.fs.open(path, 'r+'), await lab.fs.open(path, 'r+')];
    await one.write(page, 0, page.length, 0);
    await expect(one.sync()).rejects.toMatchObject({ code: 'EIO', syscall: 'fsync' });
    await one.sync();
    await expect(other.datasync()).rejects.toMatchObject({ code: 'EIO', syscall: 'fdatasync' });
    await other.datasync();
    expect(Object.fromEntries(lab.injector.counts())).toEqual({ syncError: 1, lateSyncError: 1 });
  });

  it('of a directory leaves its names pending, and the next one does write them', async () => {
    const lab = laboratory({ syncError: once });
    await lab.fs.mkdir('/data/d');
    const directory = await lab.fs.open('/data', 'r');
    await expect(directory.sync()).rejects.toMatchObject({ code: 'EIO' });
    expect(lab.disk.open('/data', 'r').isDirty).toBe(true);
    await directory.sync();
    expect(lab.disk.open('/data', 'r').isDirty).toBe(false);
  });

  it('does not strike where there is nothing to write', async () => {
    const lab = laboratory({ syncError: once }, old);
    await (await lab.fs.open(path, 'r')).sync();
    expect(struck(lab, 'syncError')).toBe(0);
  });
});

describe('a file system that is read-only', () => {
  const faults = { readOnly: { ...once, microsMax: 1e9 } };

  it('refuses what changes anything, a sync of what is pending too, and reads on', async () => {
    const { fs } = laboratory({ readOnly: { ...faults.readOnly, under: '/data/' } }, old);
    const file = await fs.open(path, 'r');
    const refused = { code: 'EROFS' };
    await expect(fs.open(path, 'r+')).rejects.toMatchObject(refused);
    await expect(fs.mkdir('/data/d')).rejects.toMatchObject(refused);
    await expect(fs.rename(path, '/data/g')).rejects.toMatchObject(refused);
    await expect(fs.unlink(path)).rejects.toMatchObject(refused);
    await expect(fs.unlink('/data/none')).rejects.toMatchObject({ code: 'ENOENT' });
    await file.sync();
    expect(await file.read(page.slice(), 0, 10, 0)).toEqual({ bytesRead: 10 });
  });

  it('loses nothing that was pending: the sync after it writes that', async () => {
    const lab = laboratory({ readOnly: { ...faults.readOnly, microsMax: 1 } }, old);
    const pending = lab.disk.open(path, 'r+');
    pending.write(page, 0, page.length, 0);
    const file = await lab.fs.open(path, 'r');
    await expect(file.sync()).rejects.toMatchObject({ code: 'EROFS', syscall: 'fsync' });
    expect(pending.isDirty).toBe(true);
    lab.clock.micros += 1;
    await file.sync();
    expect(pending.isDirty).toBe(false);
  });

  it('can be written again when the machine has been started again', async () => {
    const { fs, injector } = laboratory(faults);
    await expect(fs.mkdir('/data/d')).rejects.toMatchObject({ code: 'EROFS' });
    injector.rebooted();
    await fs.mkdir('/data/d');
  });
});

describe('a sector that is bad for good', () => {
  it('ends reads at its page, and fails those that begin there, while others go on', async () => {
    const faults = { readError: { ...once, lastingOutOf: 1 } };
    const { fs, injector } = laboratory(faults, old);
    const file = await fs.open(path, 'r');
    const buffer = new Uint8Array(9000);
    const eio = { code: 'EIO', syscall: 'read' };
    await expect(file.read(buffer, 0, 100, 5000)).rejects.toMatchObject(eio);
    await expect(file.read(buffer, 0, 100, 5000)).rejects.toMatchObject(eio);
    expect(await file.read(buffer, 0, 9000, 0)).toEqual({ bytesRead: 4096 });
    expect(await file.read(buffer, 0, 100, 8500)).toEqual({ bytesRead: 100 });
    expect(Object.fromEntries(injector.counts())).toEqual({ readError: 1, badSector: 2 });
  });

  it('can be read again when the file was restored, and the others cannot', async () => {
    const faults = { readError: { outOf: 1, max: 2, lastingOutOf: 1 } };
    const { fs, injector } = laboratory(faults, old);
    const read = async (name: string): Promise<unknown> =>
      (await fs.open(name, 'r')).read(new Uint8Array(8), 0, 8, 0);
    const names = [path, '/data/bystander'];
    for (const name of names) await expect(read(name)).rejects.toMatchObject({ code: 'EIO' });
    expect(injector.unreadable()).toEqual(names);
    injector.restore(path);
    expect(injector.unreadable()).toEqual(['/data/bystander']);
    await expect(read(path)).resolves.toEqual({ bytesRead: 8 });
    await expect(read('/data/bystander')).rejects.toMatchObject({ code: 'EIO' });
  });

  it('is not met while a database opens, unless the scenario says so', async () => {
    const { fs, injector } = laboratory({ readError: { ...once, lastingOutOf: 1 } }, old);
    const file = await fs.open(path, 'r');
    const read = (): Promise<unknown> => file.read(new Uint8Array(8), 0, 8, 0);
    await expect(read()).rejects.toMatchObject({ code: 'EIO' });
    injector.setServing(false);
    await expect(read()).resolves.toEqual({ bytesRead: 8 });
    injector.setServing(true);
    await expect(read()).rejects.toMatchObject({ code: 'EIO' });
  });
});
