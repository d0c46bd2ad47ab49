import { describe, expect, it } from 'vitest';
import type { DrawSource } from '../choices/index.ts';
import { profiles } from './crash/profiles.ts';
import { Disk } from './disk.ts';
import type { OpenFile } from './open-file.ts';

const calm: DrawSource = { at: () => ({ choose: () => 0 }) };

describe('a sync that leaves pages behind', () => {
  it('shows the new bytes until the power is lost, and to the next process too', () => {
    const { disk, file } = setUp('old');
    put(file, 'new');
    file.syncAllBut(file.dirtyPages);
    expect([text(disk), text(disk.fork()), file.hasStalePages]).toEqual(['new', 'new', true]);
    const next = disk.open('/f', 'r+');
    expect(next.dirtyPages).toEqual([]);
    next.sync();
    expect(lost(disk)).toBe('old');
    expect(text(disk.crashImage(profiles.kill, calm).disk)).toBe('new');
  });

  it('leaves behind what was asked for, and makes size and all other pages durable', () => {
    const { disk, file } = setUp('');
    put(file, 'a'.repeat(4096) + 'b'.repeat(4096) + 'c');
    file.syncAllBut([1]);
    expect(lost(disk)).toBe(`${'a'.repeat(4096)}${'\0'.repeat(4096)}c`);
    expect(disk.crashImage(profiles.strict, calm).report.files[0]?.sectors.lost).toBe(8);
  });

  it('is mended by a write to the same page and a sync, and by nothing less', () => {
    const { disk, file } = setUp('old bytes');
    put(file, 'new');
    file.syncAllBut([0]);
    put(file, '!', 4096);
    file.sync();
    expect(lost(disk).slice(0, 9)).toBe('old bytes');
    put(file, '?', 8);
    expect(file.dirtyPages).toEqual([0]);
    expect(lost(disk).slice(0, 9)).toBe('old bytes');
    file.sync();
    expect(lost(disk).slice(0, 9)).toBe('new byte?');
  });

  it('is undone along with a truncation that is', () => {
    const { disk, file } = setUp('old bytes');
    put(file, 'new');
    file.syncAllBut([0]);
    file.truncate(1);
    expect([text(disk), lost(disk)]).toEqual(['n', 'old bytes']);
    file.sync();
    expect(lost(disk)).toBe('n');
  });

  it('is no longer to be seen once memory is needed for something else', () => {
    const { disk, file } = setUp('old');
    put(file, 'new');
    const before = disk.fork();
    file.syncAllBut([0]);
    file.evict();
    expect([text(disk), lost(disk), file.hasStalePages]).toEqual(['old', 'old', false]);
    expect(text(before)).toBe('new');
  });

  it('stays with a fork, each going its own way', () => {
    const { disk, file } = setUp('old');
    put(file, 'new');
    file.syncAllBut([0]);
    const fork = disk.fork();
    put(file, 'now');
    file.sync();
    expect([lost(disk), lost(fork), text(fork)]).toEqual(['now', 'old', 'new']);
  });
});

describe('a sync that reverts', () => {
  it('takes back content and size, in memory as on the disk', () => {
    const { disk, file } = setUp('old');
    const before = disk.fork();
    put(file, 'new and longer'.repeat(1000));
    file.revert();
    expect([text(disk), lost(disk), file.isDirty]).toEqual(['old', 'old', false]);
    file.truncate(0);
    put(file, 'x', 5000);
    file.revert();
    expect([text(disk), lost(disk), text(before)]).toEqual(['old', 'old', 'old']);
    put(file, '!', 3);
    file.sync();
    expect(lost(disk)).toBe('old!');
  });

  it('agrees with what a power loss would have left, whatever came before', () => {
    const { disk, file } = setUp('x'.repeat(9000));
    put(file, 'abc', 4090);
    file.truncate(4092);
    put(file, 'y'.repeat(300), 8000);
    file.truncate(20_000);
    const image = disk.crashImage(profiles.strict, calm, 'lose-all').disk;
    file.revert();
    expect(disk.digest()).toBe(image.digest());
  });
});

describe('a failed sync', () => {
  it('is told to each handle once, and to none that is opened later', () => {
    const { disk, file } = setUp('old');
    const other = disk.open('/f', 'r');
    put(file, 'new');
    file.syncAllBut([0]);
    file.failedToSync('EIO');
    const later = disk.open('/f', 'r');
    expect(other.hasFailureToTell).toBe(true);
    expect(() => other.sync()).toThrow('EIO');
    for (const handle of [file, other, later]) {
      handle.sync();
      handle.datasync();
    }
  });
});

describe('a failed sync of a directory', () => {
  it('leaves names that no later one writes, unless they change again', () => {
    const { disk } = setUp('');
    const directory = disk.open('/', 'r');
    for (const path of ['/one', '/two']) disk.open(path, 'w').close();
    directory.forgetNames();
    expect([directory.hasDirtyNames, directory.isDirty]).toEqual([false, false]);
    disk.unlink('/two');
    disk.open('/two', 'w').close();
    disk.open('/three', 'w').close();
    const fork = disk.fork();
    for (const each of [disk, fork]) each.open('/', 'r').sync();
    for (const each of [disk, fork]) {
      const image = each.crashImage(profiles.strict, calm, 'lose-all').disk;
      expect(image.readdir('/').toSorted()).toEqual(['f', 'three', 'two']);
    }
  });

  it('is made good by an ordered journal, once that commits anything later', () => {
    const { disk } = setUp('');
    disk.open('/one', 'w').close();
    disk.open('/', 'r').forgetNames();
    const left = (): string[] => disk.crashImage(profiles.xfs, calm, 'lose-all').disk.readdir('/').toSorted();
    expect(left()).toEqual(['f']);
    disk.open('/', 'r').sync();
    expect(left()).toEqual(['f', 'one']);
  });
});

describe('pages', () => {
  it('are new where the file has grown or was cut, and at rest where nothing is pending', () => {
    const { disk, file } = setUp('x'.repeat(9000));
    put(file, 'y', 0);
    put(file, 'y', 20_000);
    expect([file.newPages, file.pagesAtRest(0, 20_001)]).toEqual([[4], [1]]);
    file.truncate(5000);
    expect(file.pagesAtRest(0, 5000)).toEqual([]);
    put(file, 'y', 8192);
    expect([file.newPages, file.pagesAtRest(0, 20_001)]).toEqual([[2], []]);
    file.sync();
    file.syncAllBut([0]);
    expect([file.newPages, file.pagesAtRest(1, 8193)]).toEqual([[], [1, 2]]);
    expect(disk.open('/', 'r').pagesAtRest(0, 10)).toEqual([]);
  });

  it('of a fork do not rot', () => {
    const { disk, file } = setUp('x');
    const fork = disk.fork();
    file.rot(0, 0);
    expect([text(disk), lost(disk), text(fork)]).toEqual(['y', 'y', 'x']);
  });
});

describe('a misdirected write', () => {
  it('changes two places of the disk and nothing in memory', () => {
    const { disk, file } = setUp('old');
    const other = disk.open('/other', 'w');
    put(other, 'o'.repeat(5000));
    for (const handle of [other, disk.open('/', 'r')]) handle.sync();
    put(file, 'new');
    file.misdirect(0, (domain) => domain - 1);
    expect([text(disk), text(disk, '/other')]).toEqual(['new', 'o'.repeat(5000)]);
    expect(lost(disk)).toBe('old');
    expect(lost(disk, '/other')).toBe(`${'o'.repeat(4096)}new${'\0'.repeat(901)}`);
  });
});

describe('space', () => {
  it('is counted in pages of what has a name or a handle', () => {
    const { disk, file } = setUp('x'.repeat(5000));
    expect(disk.allocatedBytes).toBe(8192);
    expect(file.fit(10_000, 0, 4096)).toBe(10_000);
    expect(file.fit(10_000, 4096, 0)).toBe(4096);
    expect(file.fit(10_000, 8192, 4096)).toBe(4096);
    expect(file.fit(1, 8192, 4095)).toBe(0);
    put(file, '!', 40_960);
    expect(disk.allocatedBytes).toBe(12_288);
    disk.unlink('/f');
    expect(disk.allocatedBytes).toBe(12_288);
    file.close();
    expect(disk.allocatedBytes).toBe(0);
  });
});

/** A file `/f` that holds `content`, durably. */
function setUp(content: string): { disk: Disk; file: OpenFile } {
  const disk = new Disk();
  const file = disk.open('/f', 'w+');
  put(file, content);
  file.sync();
  disk.open('/', 'r').sync();
  return { disk, file };
}

function put(file: OpenFile, content: string, position = 0): void {
  const bytes = new TextEncoder().encode(content);
  file.write(bytes, 0, bytes.length, position);
}

function text(disk: Disk, path = '/f'): string {
  const file = disk.open(path, 'r');
  const bytes = new Uint8Array(file.stat().size);
  file.read(bytes, 0, bytes.length, 0);
  file.close();
  return new TextDecoder().decode(bytes);
}

/** What a power loss leaves that takes all it may. */
function lost(disk: Disk, path = '/f'): string {
  return text(disk.crashImage(profiles.strict, calm, 'lose-all').disk, path);
}
