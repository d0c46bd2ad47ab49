import { describe, expect, it } from 'vitest';
import { Choices, type DrawSource } from '../../choices/index.ts';
import { Disk } from '../disk.ts';
import type { CrashReport } from './crash-report.ts';
import { enumerateCrashImages } from './enumerate.ts';
import type { CrashMode } from './modes.ts';
import { type CrashProfile, crashProfile, profiles } from './profiles.ts';

describe('names after a power loss', () => {
  it('strict: a synced file whose directory was not synced may have no name', () => {
    const disk = new Disk();
    write(disk, '/f', 'synced', { sync: true });
    expect(statesOf(disk, strict)).toEqual(['', '/f=synced']);
    sync(disk, '/');
    expect(statesOf(disk, strict)).toEqual(['/f=synced']);
  });

  it('strict: every new ancestor needs a sync of the directory that holds it', () => {
    const disk = new Disk();
    disk.mkdir('/a/b', { recursive: true });
    write(disk, '/a/b/f', 'x', { sync: true });
    sync(disk, '/a/b');
    expect(statesOf(disk, strict)).toEqual(['', '/a/', '/a/ /a/b/ /a/b/f=x']);
    sync(disk, '/');
    expect(statesOf(disk, strict)).toEqual(['/a/', '/a/ /a/b/ /a/b/f=x']);
    sync(disk, '/a');
    expect(statesOf(disk, strict)).toEqual(['/a/ /a/b/ /a/b/f=x']);
  });

  it('strict: a rename over a file is undone, done, or halfway: no target, or both names', () => {
    const disk = diskWithTemporary();
    disk.rename('/tmp', '/current');
    expect(statesOf(disk, strict)).toEqual([
      '/current=new',
      '/current=new /tmp=new',
      '/current=old /tmp=new',
      '/tmp=new',
    ]);
    sync(disk, '/');
    expect(statesOf(disk, strict)).toEqual(['/current=new']);
  });

  it('strict: of a rename between directories, a sync of the old one alone does not lose the file', () => {
    const disk = new Disk();
    disk.mkdir('/from');
    disk.mkdir('/to');
    write(disk, '/from/f', 'x', { sync: true });
    for (const path of ['/', '/from', '/to']) sync(disk, path);
    disk.rename('/from/f', '/to/f');
    sync(disk, '/from');
    expect(statesOf(disk, strict)).toEqual(['/from/ /to/ /to/f=x']);
  });

  it('strict: a rename into a new directory keeps the file reachable', () => {
    const disk = diskWith({ '/f': 'x' });
    disk.mkdir('/new');
    disk.rename('/f', '/new/f');
    expect(statesOf(disk, strict)).toEqual(['/f=x', '/f=x /new/', '/f=x /new/ /new/f=x', '/new/ /new/f=x']);
  });

  it('both names of a half-done rename are one file, and renaming it again changes nothing', () => {
    const disk = diskWithTemporary();
    disk.rename('/tmp', '/current');
    const both = imagesOf(disk, strict).find((image) => treeOf(image) === '/current=new /tmp=new');
    expect(both).toBeDefined();
    if (both === undefined) return;
    both.rename('/tmp', '/current');
    expect(treeOf(both)).toBe('/current=new /tmp=new');
    write(both, '/tmp', 'one');
    expect(treeOf(both)).toBe('/current=one /tmp=one');
    both.unlink('/tmp');
    expect(treeOf(both)).toBe('/current=one');
  });

  it('strict: a directory moves as a whole, in one place or the other', () => {
    const disk = new Disk();
    disk.mkdir('/d/inner', { recursive: true });
    write(disk, '/d/f', 'x', { sync: true });
    for (const path of ['/', '/d', '/d/inner']) sync(disk, path);
    disk.rename('/d', '/e');
    expect(statesOf(disk, strict)).toEqual(['/d/ /d/f=x /d/inner/', '/e/ /e/f=x /e/inner/']);
  });

  it('strict: a removed name may be back, with its data', () => {
    const disk = diskWith({ '/f': 'data' });
    disk.unlink('/f');
    expect(statesOf(disk, strict)).toEqual(['', '/f=data']);
    sync(disk, '/');
    expect(statesOf(disk, strict)).toEqual(['']);
  });

  it('strict: a directory is not removed without what emptied it', () => {
    const disk = new Disk();
    disk.mkdir('/d');
    write(disk, '/d/f', 'x', { sync: true });
    for (const path of ['/', '/d']) sync(disk, path);
    disk.rename('/d/f', '/f');
    disk.rmdir('/d');
    expect(statesOf(disk, strict)).toEqual(['/d/ /d/f=x', '/d/ /d/f=x /f=x', '/d/ /f=x', '/f=x']);
  });

  it('ext4-ordered: renames are all or nothing, and in order', () => {
    const disk = diskWithTemporary();
    disk.rename('/tmp', '/current');
    expect(statesOf(disk, ext4)).toEqual(['/current=new', '/current=old /tmp=new']);
    write(disk, '/late', 'x', { sync: true });
    expect(statesOf(disk, ext4)).toEqual(['/current=new /late=x']);
  });

  it('ext4-ordered: a rename that replaces a file brings its data along; one that does not need not', () => {
    const replacing = diskWith({ '/current': 'old' });
    write(replacing, '/tmp', 'new');
    replacing.rename('/tmp', '/current');
    expect(statesOf(replacing, ext4)).toEqual(
      ['/current=old', '/current=old /tmp=', '/current=old /tmp=new', '/current=new'].sort(),
    );
    const fresh = new Disk();
    write(fresh, '/tmp', 'new');
    fresh.rename('/tmp', '/current');
    expect(statesOf(fresh, ext4)).toContain('/current=');
  });

  it('ext4-writeback, xfs: a rename may come without the data of its file, zeros in its place or nothing', () => {
    const disk = diskWith({ '/current': 'old' });
    write(disk, '/tmp', 'new');
    disk.rename('/tmp', '/current');
    const done = (profile: CrashProfile): string[] =>
      statesOf(disk, { ...profile, tears: [] }).filter((state) => !state.includes('/tmp'));
    expect(done(profiles.xfs)).toEqual(['/current=', '/current=new', '/current=old']);
    expect(done(profiles['ext4-writeback'])).toEqual(
      ['/current=', '/current=000', '/current=new', '/current=old'].sort(),
    );
  });

  it('btrfs: names come in any order, and no sector in part', () => {
    const disk = diskWith({ '/f': 'old' });
    disk.mkdir('/one');
    disk.mkdir('/other');
    write(disk, '/f', 'new');
    const states = ['', '/one/', '/other/', '/one/ /other/'].flatMap((names) =>
      ['/f=new', '/f=old'].map((file) => `${file} ${names}`.trim()),
    );
    expect(statesOf(disk, profiles.btrfs)).toEqual(states.sort());
  });

  it('lazy: all names and nothing else, truncations neither', () => {
    const disk = diskWith({ '/cut': 'content', '/f': 'old' });
    truncate(disk, '/cut', 3);
    write(disk, '/f', 'new and longer');
    write(disk, '/fresh', 'x');
    disk.rename('/f', '/g');
    expect(statesOf(disk, profiles.lazy)).toEqual(['/cut=content /fresh= /g=old']);
  });

  it('ext4-ordered: datasync commits the creation of a file, sync its renames too', () => {
    const disk = diskWith({});
    write(disk, '/f', 'x');
    datasync(disk, '/f');
    expect(statesOf(disk, ext4)).toEqual(['/f=x']);
    disk.rename('/f', '/g');
    datasync(disk, '/g');
    expect(statesOf(disk, ext4)).toEqual(['/f=x', '/g=x']);
    sync(disk, '/g');
    expect(statesOf(disk, ext4)).toEqual(['/g=x']);
  });
});

describe('content after a power loss', () => {
  it('strict: an append brings its size, its data, both or neither', () => {
    const disk = diskWith({ '/f': 'old' });
    write(disk, '/f', 'new', { at: 3 });
    const whole = { ...strict, tears: [], exposed: ['zero'] } as const satisfies CrashProfile;
    expect(statesOf(disk, whole)).toEqual(['/f=old', '/f=old000', '/f=oldnew']);
    expect(statesOf(disk, ext4)).toContain('/f=oldnew');
    expect(statesOf(disk, ext4)).not.toContain('/f=old000');
  });

  it('a sector may be caught at any of its versions since the last sync', () => {
    const disk = diskWith({ '/f': 'A' });
    for (const version of ['B', 'C', 'D']) write(disk, '/f', version);
    expect(statesOf(disk, { ...strict, tears: [] })).toEqual(['/f=A', '/f=B', '/f=C', '/f=D']);
    sync(disk, '/f');
    expect(statesOf(disk, strict)).toEqual(['/f=D']);
  });

  it('sectors of one write survive apart, and a long write may end between two of them', () => {
    const disk = diskWith({});
    disk.open('/f', 'w').close();
    sync(disk, '/');
    write(disk, '/f', 'a'.repeat(512) + 'b'.repeat(512));
    const states = statesOf(disk, { ...strict, tears: [], exposed: ['zero'] })
      .map(shortened)
      .sort();
    expect(states).toEqual([
      '/f=',
      '/f=0*1024',
      '/f=0*512',
      '/f=0*512 b*512',
      '/f=a*512',
      '/f=a*512 0*512',
      '/f=a*512 b*512',
    ]);
  });

  it('strict: a truncation may be undone', () => {
    const disk = diskWith({ '/f': 'content' });
    truncate(disk, '/f', 3);
    expect(statesOf(disk, strict)).toEqual(['/f=con', '/f=content']);
    sync(disk, '/f');
    expect(statesOf(disk, strict)).toEqual(['/f=con']);
  });

  it('cutting a file tears nothing, not even beside a write', () => {
    const disk = diskWith({ '/f': 'x'.repeat(1024) });
    write(disk, '/f', 'y');
    truncate(disk, '/f', 600);
    for (const image of imagesOf(disk, strict)) expect(treeOf(image).slice(3 + 512)).toMatch(/^x+$/);
  });

  it('ext4-ordered: what a truncation freed is not written over before the truncation is committed', () => {
    const disk = diskWith({ '/f': 'older' });
    truncate(disk, '/f', 0);
    write(disk, '/f', 'NEW');
    expect(statesOf(disk, { ...ext4, tears: [] })).toEqual(['/f=', '/f=NEW', '/f=older']);
  });

  it('ext4-ordered: a truncation that was not committed leaves what the file had grown to by then', () => {
    const disk = diskWith({ '/f': '' });
    write(disk, '/f', 'grown');
    truncate(disk, '/f', 0);
    write(disk, '/f', 'x');
    expect(statesOf(disk, { ...ext4, tears: [] })).toEqual(['/f=', '/f=grown', '/f=x']);
  });

  it('ext4-ordered: what a committed truncation cut off does not shine through later growth', () => {
    const disk = diskWith({ '/f': 'o'.repeat(9) });
    truncate(disk, '/f', 2);
    write(disk, '/f', 'n', { at: 9 });
    write(disk, '/f', 'N');
    const grown = statesOf(disk, { ...ext4, tears: [] }).filter((state) => state.endsWith('n'));
    expect(grown).toEqual(['/f=No0000000n', '/f=oo0000000n']);
  });

  it('strict: a file that grew by truncate may hold garbage there, and nowhere else', () => {
    const disk = diskWith({ '/f': 'synced' });
    truncate(disk, '/f', 1000);
    const states = statesOf(disk, strict);
    expect(states.every((state) => state.startsWith('/f=synced'))).toBe(true);
    expect(states.some((state) => /[^0]/.test(state.slice('/f=synced'.length)))).toBe(true);
  });

  it('strict: of two appends to one sector the first may survive without the second', () => {
    const disk = diskWith({ '/f': '' });
    write(disk, '/f', 'AAA');
    write(disk, '/f', 'BBB', { at: 3 });
    const states = statesOf(disk, { ...strict, tears: [], exposed: ['zero', 'garbage'] });
    expect(states).toContain('/f=AAA000');
  });

  it('ext4-ordered: a rename that replaces a file brings overwritten data along too', () => {
    const disk = diskWithTemporary();
    write(disk, '/tmp', 'NEW');
    disk.rename('/tmp', '/current');
    const done = statesOf(disk, ext4).filter((state) => !state.includes('/tmp'));
    expect(done).toEqual(['/current=NEW']);
  });

  it('strict: an append can harm synced bytes of the sector that it shares; power-safe overwrite forbids it', () => {
    const disk = diskWith({ '/f': 'acknowledged' });
    write(disk, '/f', '+', { at: 12 });
    const harmed = (profile: CrashProfile): boolean =>
      imagesOf(disk, profile).some((image) => !treeOf(image).startsWith('/f=acknowledged'));
    expect(harmed(strict)).toBe(true);
    expect(harmed({ ...strict, powerSafeOverwrite: true })).toBe(false);
    expect(harmed(ext4)).toBe(false);
  });

  it('strict: where a file grew without its data, there may be what an unlinked file held', () => {
    const disk = diskWith({ '/old': 'stale!' });
    disk.unlink('/old');
    sync(disk, '/');
    disk.open('/f', 'w').close();
    sync(disk, '/');
    write(disk, '/f', 'fresh.');
    expect(statesOf(disk, { ...strict, tears: [] })).toContain('/f=stale!');
    expect(statesOf(disk, { ...strict, tears: [], exposed: ['zero', 'garbage'] })).not.toContain('/f=stale!');
  });
});

describe('over many seeds, strict', { timeout: 60_000 }, () => {
  it('does everything that it may', () => {
    const disk = diskWith({
      '/gone': 'x'.repeat(600),
      '/log': 'r'.repeat(5000),
      '/tmp': 't',
      '/current': 'c',
    });
    disk.unlink('/gone');
    disk.rename('/tmp', '/current');
    disk.mkdir('/d');
    for (let nth = 0; nth < 3; nth++) write(disk, '/log', 'w'.repeat(2000), { at: nth * 500 });
    write(disk, '/log', 'a'.repeat(9000), { at: 5000 });
    write(disk, '/d/new', 'n'.repeat(3000));
    const seen = new Set<string>();
    for (let seed = 0; seed < 400; seed++) {
      const { report, disk: image } = disk.crashImage(strict, seeded(seed));
      for (const sight of sightsOf(report)) seen.add(sight);
      for (const tell of tellsOf(image)) seen.add(tell);
    }
    expect([...seen].sort()).toEqual(
      [
        ...['keep-all', 'lose-all', 'prefix', 'by-file', 'by-kind', 'single', 'independent'].map(
          (mode) => `mode ${mode}`,
        ),
        ...['kept', 'older', 'lost', 'torn', 'exposed'].map((fate) => `sectors ${fate}`),
        'size cut at a sector',
        'size lost',
        '/current: other file',
        '/current: target gone',
        '/d: lost',
        '/d/new: lost',
        '/gone: back',
        '/tmp: back',
        'garbage bytes',
        'zero bytes',
      ].sort(),
    );
  });

  it('finds each mode when told so', () => {
    const disk = diskWith({ '/f': 'x' });
    write(disk, '/f', 'y');
    const modes: readonly CrashMode[] = ['keep-all', 'lose-all'];
    const trees = modes.map((mode) => treeOf(disk.crashImage(strict, seeded(1), mode).disk));
    expect(trees).toEqual(['/f=y', '/f=x']);
  });
});

describe('the report of a power loss', () => {
  it('counts what became of each pending sector, and names what changed', () => {
    const disk = diskWith({ '/f': 'x'.repeat(1024) });
    write(disk, '/f', 'y'.repeat(512), { at: 512 });
    disk.open('/new', 'w').close();
    const { report } = disk.crashImage(strict, seeded(1), 'lose-all');
    expect(report).toEqual({
      profile: 'strict',
      mode: 'lose-all',
      names: [{ path: '/new', before: 'file', after: 'nothing' }],
      files: [
        {
          path: '/f',
          sizeBefore: 1024,
          sizeAfter: 1024,
          sectors: { kept: 0, older: 0, lost: 1, torn: 0, exposed: 0 },
        },
      ],
    });
  });
});

describe('profiles', () => {
  it('are found by name, and an unknown one names those there are', () => {
    expect(crashProfile('strict')).toBe(profiles.strict);
    expect(() => crashProfile('ext5')).toThrow(
      'Known: strict, ext4-ordered, ext4-writeback, xfs, btrfs, lazy, kill',
    );
  });

  it('enumeration says when it was cut short', () => {
    const disk = diskWith({});
    for (const name of ['a', 'b', 'c']) disk.mkdir(`/${name}`);
    const all = [...enumerateCrashImages(disk, strict, 100)];
    expect(all).toHaveLength(8);
    const images = enumerateCrashImages(disk, strict, 3);
    let next = images.next();
    while (next.done !== true) next = images.next();
    expect(next.value).toEqual({ tried: 3, exhaustive: false });
  });
});

const { strict, 'ext4-ordered': ext4 } = profiles;

function seeded(seed: number): DrawSource {
  return new Choices({ kind: 'seed', seed: `${seed}`, record: false }).lane('fault');
}

/** A disk with these files, all of it synced. */
function diskWith(files: Readonly<Record<string, string>>): Disk {
  const disk = new Disk();
  for (const [path, content] of Object.entries(files)) write(disk, path, content, { sync: true });
  sync(disk, '/');
  return disk;
}

function diskWithTemporary(): Disk {
  return diskWith({ '/current': 'old', '/tmp': 'new' });
}

function write(disk: Disk, path: string, content: string, { at = 0, sync: synced = false } = {}): void {
  if (!exists(disk, path)) disk.open(path, 'w').close();
  const file = disk.open(path, 'r+');
  file.write(Buffer.from(content, 'latin1'), 0, content.length, at);
  if (synced) file.sync();
  file.close();
}

function truncate(disk: Disk, path: string, length: number): void {
  const file = disk.open(path, 'r+');
  file.truncate(length);
  file.close();
}

function sync(disk: Disk, path: string): void {
  const file = disk.open(path, 'r');
  file.sync();
  file.close();
}

function datasync(disk: Disk, path: string): void {
  const file = disk.open(path, 'r');
  file.datasync();
  file.close();
}

function exists(disk: Disk, path: string): boolean {
  try {
    disk.stat(path);
    return true;
  } catch {
    return false;
  }
}

function read(disk: Disk, path: string): string {
  const file = disk.open(path, 'r');
  const bytes = new Uint8Array(file.stat().size);
  file.read(bytes, 0, bytes.length, 0);
  file.close();
  return Buffer.from(bytes).toString('latin1').replaceAll('\0', '0');
}

/** All of a disk in one line: `/d/ /d/f=content`. */
function treeOf(disk: Disk, path = ''): string {
  const parts: string[] = [];
  for (const name of disk.readdir(`${path}/`).sort()) {
    const child = `${path}/${name}`;
    if (disk.stat(child).isDirectory()) parts.push(`${child}/`, treeOf(disk, child));
    else parts.push(`${child}=${read(disk, child)}`);
  }
  return parts.filter((part) => part !== '').join(' ');
}

function imagesOf(disk: Disk, profile: CrashProfile): Disk[] {
  return [...enumerateCrashImages(disk, profile, 20_000)].map((image) => image.disk);
}

function statesOf(disk: Disk, profile: CrashProfile): string[] {
  return imagesOf(disk, profile)
    .map((image) => treeOf(image))
    .sort();
}

/** Runs of a character as `a*512`. */
function shortened(state: string): string {
  return state.replace(/(.)\1{9,}/g, (run) => `${run[0]}*${run.length} `).trim();
}

function sightsOf(report: CrashReport): string[] {
  const sights = [`mode ${report.mode}`];
  for (const { path, sizeBefore, sizeAfter, sectors } of report.files) {
    for (const [fate, count] of Object.entries(sectors)) if (count > 0) sights.push(`sectors ${fate}`);
    if (path !== '/log') continue;
    if (sizeAfter === 5000) sights.push('size lost');
    if (sizeAfter > 5000 && sizeAfter < sizeBefore && sizeAfter % 512 === 0)
      sights.push('size cut at a sector');
  }
  for (const { path, before, after } of report.names) {
    if (path === '/current')
      sights.push(after === 'nothing' ? '/current: target gone' : '/current: other file');
    else sights.push(`${path}: ${before === 'nothing' ? 'back' : 'lost'}`);
  }
  return sights;
}

/** Bytes in the log that nobody ever wrote there. */
function tellsOf(disk: Disk): string[] {
  const log = read(disk, '/log');
  return [...(/[^rwa0]/.test(log) ? ['garbage bytes'] : []), ...(log.includes('0') ? ['zero bytes'] : [])];
}
