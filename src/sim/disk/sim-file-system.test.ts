import { describe, expect, it } from 'vitest';
import { crc32c } from '../../crypto/index.ts';
import { describeFileSystemConformance } from '../../ports/file-system.conformance.ts';
import { Disk } from './disk.ts';
import { errno } from './errno.ts';
import { ImmediateDevice } from './immediate-device.test-support.ts';
import { type Intercept, SimFileSystem } from './sim-file-system.ts';

describeFileSystemConformance({
  name: 'SimFileSystem',
  create: async () => {
    const disk = new Disk();
    disk.mkdir('/root');
    return {
      fs: new SimFileSystem(disk, new ImmediateDevice()),
      root: '/root',
      dispose: async () => {},
    };
  },
});

describe('SimFileSystem', () => {
  it('makes each call one operation of the device, with a checksum of the bytes that moved', async () => {
    const { fs, device } = setUp();
    const data = Uint8Array.of(9, 1, 2, 3, 9);
    await fs.mkdir('/d');
    const file = await fs.open('/d/f', 'w+');
    await file.write(data, 1, 3, 0);
    await file.sync();
    await file.datasync();
    await file.read(new Uint8Array(5), 0, 5, 0);
    await file.truncate(1);
    await file.stat();
    await file.close();
    await fs.rename('/d/f', '/d/g');
    await fs.readdir('/d');
    await fs.stat('/d/g');
    await fs.unlink('/d/g');
    await fs.rmdir('/d');

    const checksum = crc32c(Uint8Array.of(1, 2, 3));
    expect(device.performed.map(({ operation, resource }) => `${operation} ${resource}`)).toEqual([
      'mkdir /d',
      'open /d/f',
      'write /d/f',
      'fsync /d/f',
      'fdatasync /d/f',
      'read /d/f',
      'ftruncate /d/f',
      'fstat /d/f',
      'close /d/f',
      'rename /d/f',
      'readdir /d',
      'stat /d/g',
      'unlink /d/g',
      'rmdir /d',
    ]);
    expect([device.performed[2]?.fingerprint, device.performed[5]?.fingerprint]).toEqual([
      checksum,
      checksum,
    ]);
  });

  it('reads the buffer of a write when it takes effect', async () => {
    const { fs, disk } = setUp();
    const file = await fs.open('/f', 'w');
    const buffer = Uint8Array.of(1);
    const written = file.write(buffer, 0, 1, 0);
    buffer[0] = 2;
    await written;
    expect(contentOf(disk, '/f')).toEqual([2]);
  });

  it('closes only after the calls under way, and refuses others as soon as it has begun to close', async () => {
    const { fs, device } = setUp();
    const file = await fs.open('/f', 'w');
    const writes = [file.write(Uint8Array.of(1), 0, 1, 0), file.write(Uint8Array.of(2), 0, 1, 1)];
    const closed = file.close();
    await Promise.all([...writes, closed]);
    expect(device.performed.map(({ operation }) => operation)).toEqual(['open', 'write', 'write', 'close']);
    await expect(file.stat()).rejects.toMatchObject({ code: 'EBADF', message: 'file closed' });
  });

  it('names what is open, until it is closed', async () => {
    const { fs } = setUp();
    const one = await fs.open('/one', 'w');
    const other = await fs.open('/other', 'w');
    expect(fs.openHandles()).toEqual(['/one', '/other']);
    await one.close();
    expect(fs.openHandles()).toEqual(['/other']);
    await fs.open('/again', 'w');
    expect(fs.openHandles()).toEqual(['/again', '/other']);
    await other.close();
  });

  it('abandoned, drops all handles, frees files without a name, and lets nothing more happen', async () => {
    const { fs, disk } = setUp();
    const file = await fs.open('/f', 'w');
    await fs.open('/kept', 'w');
    await fs.unlink('/f');
    const directory = disk.open('/', 'r');
    directory.sync();
    directory.close();
    expect(disk.nodeCount).toBe(3);

    const late = fs.mkdir('/late');
    fs.abandon();
    fs.abandon();
    expect(disk.nodeCount).toBe(2);
    expect(fs.openHandles()).toEqual([]);
    await expect(late).rejects.toMatchObject({ code: 'SIM_PROCESS_GONE' });
    await expect(file.stat()).rejects.toMatchObject({ code: 'EBADF' });
    expect(disk.readdir('/')).toEqual(['kept']);
  });

  it('leaves what a killed process wrote to the next one', async () => {
    const { fs, disk } = setUp();
    const file = await fs.open('/f', 'w');
    await file.write(Uint8Array.of(7), 0, 1, 0);
    fs.abandon();
    const next = await new SimFileSystem(disk, new ImmediateDevice()).open('/f', 'r');
    const buffer = new Uint8Array(1);
    await next.read(buffer, 0, 1, 0);
    expect(buffer[0]).toBe(7);
  });
});

describe('the interceptor of a SimFileSystem', () => {
  it('sees each call before it takes effect, may fail it or make it short', async () => {
    const seen: string[] = [];
    const { fs, disk } = setUp((call, effect) => {
      seen.push(`${call.operation} ${call.path} ${call.length}`);
      if (call.operation === 'fsync') throw errno('EIO', 'fsync');
      if (call.operation === 'write') call.length = 2;
      return effect();
    });
    const file = await fs.open('/f', 'w+');
    expect(await file.write(Uint8Array.of(1, 2, 3), 0, 3, 0)).toEqual({ bytesWritten: 2 });
    await expect(file.sync()).rejects.toMatchObject({ code: 'EIO', syscall: 'fsync' });
    await file.close();
    expect(contentOf(disk, '/f')).toEqual([1, 2]);
    expect(seen).toEqual(['open /f 0', 'write /f 3', 'fsync /f 0', 'close /f 0']);
  });

  it('that fails a call does not keep the handle from closing', async () => {
    const { fs } = setUp((call, effect) => {
      if (call.operation === 'write') throw errno('ENOSPC', 'write');
      return effect();
    });
    const file = await fs.open('/f', 'w');
    const outcomes = await Promise.allSettled([file.write(Uint8Array.of(1), 0, 1, 0), file.close()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(fs.openHandles()).toEqual([]);
  });
});

function setUp(intercept?: Intercept): { fs: SimFileSystem; disk: Disk; device: ImmediateDevice } {
  const disk = new Disk();
  const device = new ImmediateDevice();
  return { fs: new SimFileSystem(disk, device, intercept), disk, device };
}

function contentOf(disk: Disk, path: string): number[] {
  const file = disk.open(path, 'r');
  const bytes = new Uint8Array(file.stat().size);
  file.read(bytes, 0, bytes.length, 0);
  file.close();
  return [...bytes];
}
