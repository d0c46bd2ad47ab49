import { describe, expect, it } from 'vitest';
import type { DrawSource } from '../choices/index.ts';
import { profiles } from './crash/profiles.ts';
import { Disk } from './disk.ts';
import { pageSizeBytes } from './page-table.ts';

describe('Disk', () => {
  it('lists a directory in an order that is neither sorted nor that of creation', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const disk = new Disk();
    for (const name of names) disk.mkdir(`/${name}`);
    const listed = disk.readdir('/');
    expect(listed).not.toEqual(names);
    expect([...listed].sort()).toEqual(names);

    const other = new Disk();
    for (const name of names.toReversed()) other.mkdir(`/${name}`);
    expect(other.readdir('/')).toEqual(listed);
  });

  it('frees an unlinked file once its last handle is closed and the removal is durable', () => {
    const disk = new Disk();
    const [one, other] = [disk.open('/f', 'w'), disk.open('/f', 'r')];
    sync(disk, '/');
    disk.unlink('/f');
    sync(disk, '/');
    one.close();
    expect(disk.nodeCount).toBe(2);
    other.close();
    expect(disk.nodeCount).toBe(1);
  });

  it('keeps an unlinked file while its name may come back', () => {
    const disk = new Disk();
    disk.open('/f', 'w').close();
    sync(disk, '/');
    disk.unlink('/f');
    expect(disk.nodeCount).toBe(2);
    sync(disk, '/');
    expect(disk.nodeCount).toBe(1);
  });

  it('writes old changes back when a file has very many, and keeps the newest pending', () => {
    const disk = new Disk();
    const file = disk.open('/f', 'w');
    sync(disk, '/');
    const page = new Uint8Array(pageSizeBytes);
    for (let nth = 1; nth <= 10_000; nth++) file.write(page.fill(nth % 251), 0, page.length, 0);
    const { disk: image } = disk.crashImage(profiles.strict, calm, 'lose-all');
    expect(first(disk, '/f')).toBe(10_000 % 251);
    expect(first(image, '/f')).toBeGreaterThan(0);
    expect(first(image, '/f')).not.toBe(10_000 % 251);
  });

  it('refuses a relative path and a zero byte', () => {
    const disk = new Disk();
    expect(() => disk.stat('f')).toThrow('must be absolute');
    expect(() => disk.stat('/f\0')).toThrow('zero byte');
  });

  it('refuses to grow a file beyond what ext4 can hold, and writes up to there', () => {
    const disk = new Disk();
    const file = disk.open('/f', 'w+');
    const max = 2 ** 44 - 4096;
    expect(() => file.write(new Uint8Array(1), 0, 1, max)).toThrow('EFBIG');
    expect(() => file.truncate(max + 1)).toThrow('EFBIG');
    expect(file.write(Uint8Array.of(1, 2, 3), 0, 3, max - 2)).toBe(2);
    expect(file.stat().size).toBe(max);
    const tail = new Uint8Array(4);
    expect(file.read(tail, 0, 4, max - 3)).toBe(3);
    expect([...tail]).toEqual([0, 1, 2, 0]);
  });
});

describe('a fork of a disk', () => {
  it('goes its own way, in both directions, in content, size and names', () => {
    const disk = new Disk();
    fill(disk, '/f', 1);
    const fork = disk.fork();
    expect(fork.digest()).toBe(disk.digest());

    fill(disk, '/f', 2);
    fill(fork, '/f', 3);
    disk.mkdir('/left');
    fork.mkdir('/right');
    expect([first(disk, '/f'), disk.readdir('/').sort()]).toEqual([2, ['f', 'left']]);
    expect([first(fork, '/f'), fork.readdir('/').sort()]).toEqual([3, ['f', 'right']]);

    const ofDisk = disk.fork();
    overwrite(disk, '/f', 4);
    expect([first(disk, '/f'), first(ofDisk, '/f')]).toEqual([4, 2]);
    overwrite(ofDisk, '/f', 5);
    expect([first(disk, '/f'), first(ofDisk, '/f')]).toEqual([4, 5]);

    const ofFork = fork.fork();
    const file = fork.open('/f', 'r+');
    file.truncate(0);
    expect(first(ofFork, '/f')).toBe(3);
  });

  it('has the same pending changes, and syncing one leaves the other pending', () => {
    const disk = new Disk();
    fill(disk, '/f', 1);
    const fork = disk.fork();
    sync(disk, '/f');
    sync(disk, '/');
    expect(afterLosingAll(disk)).toBe(disk.digest());
    expect(afterLosingAll(fork)).toBe(new Disk().digest());
  });

  it('leaves unlinked files behind: it has no handles', () => {
    const disk = new Disk();
    disk.open('/f', 'w');
    disk.unlink('/f');
    sync(disk, '/');
    expect(disk.nodeCount).toBe(2);
    expect(disk.fork().nodeCount).toBe(1);
  });
});

describe('the digest of a disk', () => {
  it('tells names, kinds, sizes and contents apart, and not how they came about', () => {
    const digests = [
      build((disk) => disk.mkdir('/a')),
      build((disk) => disk.mkdir('/b')),
      build((disk) => disk.open('/a', 'w')),
      build((disk) => disk.open('/a', 'w').truncate(1)),
      build((disk) => disk.open('/a', 'w').write(Uint8Array.of(1), 0, 1, 0)),
      build((disk) => disk.open('/a', 'w').write(Uint8Array.of(1), 0, 1, 1)),
    ];
    expect(new Set(digests).size).toBe(digests.length);

    const hole = build((disk) => disk.open('/a', 'w').truncate(10_000));
    const zeros = build((disk) => disk.open('/a', 'w').write(new Uint8Array(10_000), 0, 10_000, 0));
    expect(hole).toBe(zeros);
  });
});

const calm: DrawSource = { at: () => ({ choose: () => 0 }) };

function afterLosingAll(disk: Disk): string {
  return disk.crashImage(profiles.strict, calm, 'lose-all').disk.digest();
}

function build(make: (disk: Disk) => unknown): string {
  const disk = new Disk();
  make(disk);
  return disk.digest();
}

function fill(disk: Disk, path: string, byte: number): void {
  const file = disk.open(path, 'w');
  file.write(new Uint8Array(3 * pageSizeBytes).fill(byte), 0, 3 * pageSizeBytes, 0);
  file.close();
}

function overwrite(disk: Disk, path: string, byte: number): void {
  const file = disk.open(path, 'r+');
  file.write(Uint8Array.of(byte), 0, 1, 0);
  file.close();
}

function first(disk: Disk, path: string): number | undefined {
  const file = disk.open(path, 'r');
  const byte = new Uint8Array(1);
  file.read(byte, 0, 1, 0);
  file.close();
  return byte[0];
}

function sync(disk: Disk, path: string): void {
  const file = disk.open(path, 'r');
  file.sync();
  file.close();
}
