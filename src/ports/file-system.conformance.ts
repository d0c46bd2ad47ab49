import { describe, expect, it } from 'vitest';
import type { FileHandle, FileSystem, OpenFlags } from './file-system.ts';

/** A file system to be held against the contract of the port. */
export interface FileSystemUnderTest {
  readonly name: string;
  /** A fresh one, with an empty directory `root` to work in. */
  create(): Promise<FileSystemFixture>;
  /** Claims that it is known to break, and how. That it still does is asserted, so that the list stays true. */
  readonly knownDifferences?: Readonly<Record<string, string>>;
}

export interface FileSystemFixture {
  readonly fs: FileSystem;
  readonly root: string;
  dispose(): Promise<void>;
  /** Where the body of a claim has to run, if not right in the test: in a task of a simulation. */
  run?(body: () => Promise<void>): Promise<void>;
}

/** Runs every claim against one implementation. Durability is not among them: no live system can show it. */
export function describeFileSystemConformance({
  name,
  create,
  knownDifferences = {},
}: FileSystemUnderTest): void {
  describe(`FileSystem conformance: ${name}`, () => {
    for (const [claim, check] of Object.entries(fileSystemClaims)) {
      const test = claim in knownDifferences ? it.fails : it;
      test(claim, async () => {
        const { fs, root, dispose, run } = await create();
        try {
          if (run === undefined) await check(fs, root);
          else await run(() => check(fs, root));
        } finally {
          await dispose();
        }
      });
    }

    it('names only claims that exist as known differences', () => {
      expect(Object.keys(knownDifferences).filter((claim) => !(claim in fileSystemClaims))).toEqual([]);
    });
  });
}

type Claim = (fs: FileSystem, root: string) => Promise<void>;

/** What the port promises of a live system, each under the sentence that promises it. */
export const fileSystemClaims: Readonly<Record<string, Claim>> = {
  // Opening

  'open refuses a missing file, unless the flags create it': async (fs, root) => {
    for (const flags of ['r', 'r+'] as const) await rejects(fs.open(`${root}/f`, flags), 'ENOENT');
    for (const flags of creatingFlags) {
      await (await fs.open(`${root}/${flags}`, flags)).close();
    }
    expect((await fs.readdir(root)).sort()).toEqual([...creatingFlags].sort());
  },

  'open with x refuses what exists, be it a directory': async (fs, root) => {
    await put(fs, `${root}/f`, 'x');
    await fs.mkdir(`${root}/d`);
    for (const flags of ['wx', 'wx+', 'ax', 'ax+'] as const) {
      await rejects(fs.open(`${root}/f`, flags), 'EEXIST');
      await rejects(fs.open(`${root}/d`, flags), 'EEXIST');
    }
    expect(await get(fs, `${root}/f`)).toBe('x');
  },

  'open empties a file with w, and only with w': async (fs, root) => {
    for (const flags of ['r', 'r+', 'a', 'a+', 'w', 'w+'] as const) {
      await put(fs, `${root}/f`, 'content');
      await (await fs.open(`${root}/f`, flags)).close();
      expect(await get(fs, `${root}/f`)).toBe(flags.startsWith('w') ? '' : 'content');
    }
  },

  'open takes a directory to read, and not to write': async (fs, root) => {
    await (await fs.open(root, 'r')).close();
    for (const flags of ['r+', 'w', 'w+', 'a', 'a+'] as const) await rejects(fs.open(root, flags), 'EISDIR');
  },

  'open tells a missing parent from a parent that is a file': async (fs, root) => {
    await put(fs, `${root}/f`, 'x');
    for (const flags of ['r', 'r+', 'w', 'a', 'wx'] as const) {
      await rejects(fs.open(`${root}/missing/f`, flags), 'ENOENT');
      await rejects(fs.open(`${root}/f/f`, flags), 'ENOTDIR');
    }
  },

  'open refuses a file by a path that ends in a slash': async (fs, root) => {
    await put(fs, `${root}/f`, 'x');
    await rejects(fs.open(`${root}/f/`, 'r'), 'ENOTDIR');
    await rejects(fs.open(`${root}/missing/`, 'r'), 'ENOENT');
    await rejects(fs.open(`${root}/f/`, 'w'), 'EISDIR');
    await rejects(fs.open(`${root}/missing/`, 'w'), 'EISDIR');
  },

  'a name of 256 bytes is too long': async (fs, root) => {
    await put(fs, `${root}/${'n'.repeat(255)}`, 'x');
    await rejects(fs.open(`${root}/${'n'.repeat(256)}`, 'w'), 'ENAMETOOLONG');
    await rejects(fs.stat(`${root}/${'ä'.repeat(128)}`), 'ENAMETOOLONG');
  },

  'paths may have dots, double slashes and, for directories, slashes at the end': async (fs, root) => {
    await fs.mkdir(`${root}/d`);
    await put(fs, `${root}/d/f`, 'x');
    expect(await get(fs, `${root}//d///f`)).toBe('x');
    expect(await get(fs, `${root}/./d/../d/./f`)).toBe('x');
    expect(await fs.readdir(`${root}/d/`)).toEqual(['f']);
    expect((await fs.stat(`${root}/d/.`)).isDirectory()).toBe(true);
    await rejects(fs.stat(`${root}/missing/../d`), 'ENOENT');
    await rejects(fs.stat(`${root}/d/f/..`), 'ENOTDIR');
  },

  // Reading and writing

  'write and read at a position, and the end of the file is 0 bytes': async (fs, root) => {
    const file = await fs.open(`${root}/f`, 'w+');
    expect((await file.write(bytes('..abc.'), 2, 3, 4)).bytesWritten).toBe(3);
    const buffer = bytes('______');
    expect((await file.read(buffer, 1, 4, 3)).bytesRead).toBe(4);
    expect(text(buffer)).toBe('_\0abc_');
    expect((await file.read(buffer, 0, 6, 5)).bytesRead).toBe(2);
    expect((await file.read(buffer, 0, 6, 7)).bytesRead).toBe(0);
    expect((await file.read(buffer, 0, 6, 1000)).bytesRead).toBe(0);
    await file.close();
  },

  'a write beyond the end leaves zeros between, across pages': async (fs, root) => {
    const file = await fs.open(`${root}/f`, 'w+');
    await file.write(bytes('x'), 0, 1, 10_000);
    expect((await file.stat()).size).toBe(10_001);
    const buffer = new Uint8Array(10_001).fill(7);
    expect((await file.read(buffer, 0, buffer.length, 0)).bytesRead).toBe(10_001);
    expect(buffer.subarray(0, 10_000).every((byte) => byte === 0)).toBe(true);
    expect(buffer[10_000]).toBe(120);
    await file.close();
  },

  'a handle opened with a writes at the end, whatever the position': async (fs, root) => {
    await put(fs, `${root}/f`, 'one');
    const appender = await fs.open(`${root}/f`, 'a+');
    const other = await fs.open(`${root}/f`, 'r+');
    await appender.write(bytes('two'), 0, 3, 0);
    await other.write(bytes('THREE'), 0, 5, 6);
    await appender.write(bytes('four'), 0, 4, 1);
    const buffer = new Uint8Array(3);
    await appender.read(buffer, 0, 3, 3);
    expect(text(buffer)).toBe('two');
    await appender.close();
    await other.close();
    expect(await get(fs, `${root}/f`)).toBe('onetwoTHREEfour');
  },

  'a write is visible to every handle at once': async (fs, root) => {
    const writer = await fs.open(`${root}/f`, 'w');
    const reader = await fs.open(`${root}/f`, 'r');
    await writer.write(bytes('now'), 0, 3, 0);
    const buffer = new Uint8Array(3);
    await reader.read(buffer, 0, 3, 0);
    expect(text(buffer)).toBe('now');
    await writer.close();
    await reader.close();
  },

  'a handle does only what its flags allow': async (fs, root) => {
    await put(fs, `${root}/f`, 'x');
    const buffer = new Uint8Array(1);
    for (const flags of ['w', 'a'] as const) {
      const file = await fs.open(`${root}/f`, flags);
      await rejects(file.read(buffer, 0, 1, 0), 'EBADF');
      await file.close();
    }
    const reader = await fs.open(`${root}/f`, 'r');
    await rejects(reader.write(buffer, 0, 1, 0), 'EBADF');
    await rejects(reader.truncate(0), 'EINVAL');
    await reader.sync();
    await reader.close();
  },

  'a directory cannot be read, written or truncated, but synced': async (fs, root) => {
    const directory = await fs.open(root, 'r');
    const buffer = new Uint8Array(1);
    await rejects(directory.read(buffer, 0, 1, 0), 'EISDIR');
    await rejects(directory.write(buffer, 0, 1, 0), 'EBADF');
    await rejects(directory.truncate(0), 'EINVAL');
    expect((await directory.stat()).isDirectory()).toBe(true);
    await directory.sync();
    await directory.datasync();
    await directory.close();
  },

  'nothing is read or written for length 0': async (fs, root) => {
    const file = await fs.open(`${root}/f`, 'w');
    expect((await file.write(new Uint8Array(1), 0, 0, 100)).bytesWritten).toBe(0);
    expect((await file.read(new Uint8Array(0), 0, 0, 0)).bytesRead).toBe(0);
    expect((await file.stat()).size).toBe(0);
    await file.close();
    const reader = await fs.open(`${root}/f`, 'r');
    await rejects(reader.write(new Uint8Array(1), 0, 0, 0), 'EBADF');
    expect((await reader.write(new Uint8Array(0), 0, 0, 0)).bytesWritten).toBe(0);
    await reader.close();
  },

  'a range that does not lie in the buffer is refused': async (fs, root) => {
    const file = await fs.open(`${root}/f`, 'w+');
    const buffer = new Uint8Array(4);
    await rejects(file.write(buffer, 2, 3, 0), 'ERR_OUT_OF_RANGE');
    await rejects(file.write(buffer, 5, 0, 0), 'ERR_OUT_OF_RANGE');
    await rejects(file.read(buffer, 2, 3, 0), 'ERR_OUT_OF_RANGE');
    await rejects(file.read(buffer, 0, -1, 0), 'ERR_OUT_OF_RANGE');
    await file.close();
  },

  'a closed handle rejects everything with EBADF, and closes once more': async (fs, root) => {
    const file = await fs.open(`${root}/f`, 'w+');
    await file.close();
    const buffer = new Uint8Array(1);
    await rejects(file.read(buffer, 0, 1, 0), 'EBADF');
    await rejects(file.write(buffer, 0, 1, 0), 'EBADF');
    await rejects(file.truncate(0), 'EBADF');
    await rejects(file.sync(), 'EBADF');
    await rejects(file.datasync(), 'EBADF');
    await rejects(file.stat(), 'EBADF');
    await file.close();
  },

  'close waits for the calls that are under way': async (fs, root) => {
    const file = await fs.open(`${root}/f`, 'w');
    const block = new Uint8Array(100_000).fill(1);
    const writes = [file.write(block, 0, block.length, 0), file.write(block, 0, block.length, block.length)];
    await Promise.all([...writes, file.close()]);
    expect((await fs.stat(`${root}/f`)).size).toBe(200_000);
  },

  // Truncating

  'truncate cuts, and what it cut does not come back': async (fs, root) => {
    const file = await fs.open(`${root}/f`, 'w+');
    await file.write(new Uint8Array(9000).fill(1), 0, 9000, 0);
    await file.truncate(5000);
    expect((await file.stat()).size).toBe(5000);
    await file.truncate(9000);
    const buffer = new Uint8Array(9000);
    expect((await file.read(buffer, 0, 9000, 0)).bytesRead).toBe(9000);
    expect(buffer.findIndex((byte) => byte === 0)).toBe(5000);
    expect(buffer.subarray(5000).every((byte) => byte === 0)).toBe(true);
    await file.close();
  },

  'truncate to a negative length empties the file': async (fs, root) => {
    await put(fs, `${root}/f`, 'content');
    const file = await fs.open(`${root}/f`, 'r+');
    await file.truncate(-1);
    expect((await file.stat()).size).toBe(0);
    await file.close();
  },

  // Directories

  'mkdir makes one directory, and refuses what exists': async (fs, root) => {
    expect(await fs.mkdir(`${root}/d`)).toBeUndefined();
    expect((await fs.stat(`${root}/d`)).isDirectory()).toBe(true);
    await put(fs, `${root}/f`, 'x');
    await rejects(fs.mkdir(`${root}/d`), 'EEXIST');
    await rejects(fs.mkdir(`${root}/f`), 'EEXIST');
    await rejects(fs.mkdir(`${root}/d/..`), 'EEXIST');
    await rejects(fs.mkdir(`${root}/missing/d`), 'ENOENT');
    await rejects(fs.mkdir(`${root}/f/d`), 'ENOTDIR');
  },

  'mkdir recursive returns the first directory it made': async (fs, root) => {
    expect(await fs.mkdir(`${root}/a/b/c`, { recursive: true })).toBe(`${root}/a`);
    expect(await fs.mkdir(`${root}/a/b/d`, { recursive: true })).toBe(`${root}/a/b/d`);
    expect(await fs.mkdir(`${root}/a/b/d`, { recursive: true })).toBeUndefined();
    expect(await fs.mkdir(`${root}/a/e/`, { recursive: true })).toBe(`${root}/a/e/`);
    await put(fs, `${root}/f`, 'x');
    await rejects(fs.mkdir(`${root}/f`, { recursive: true }), 'EEXIST');
    await rejects(fs.mkdir(`${root}/f/d`, { recursive: true }), 'ENOTDIR');
  },

  'readdir lists the names, and refuses what is no directory': async (fs, root) => {
    expect(await fs.readdir(root)).toEqual([]);
    await fs.mkdir(`${root}/d`);
    await put(fs, `${root}/f`, 'x');
    await put(fs, `${root}/d/inner`, 'x');
    expect((await fs.readdir(root)).sort()).toEqual(['d', 'f']);
    await rejects(fs.readdir(`${root}/f`), 'ENOTDIR');
    await rejects(fs.readdir(`${root}/missing`), 'ENOENT');
  },

  'rmdir removes an empty directory and nothing else': async (fs, root) => {
    await fs.mkdir(`${root}/d/e`, { recursive: true });
    await put(fs, `${root}/f`, 'x');
    await rejects(fs.rmdir(`${root}/d`), 'ENOTEMPTY');
    await rejects(fs.rmdir(`${root}/f`), 'ENOTDIR');
    await rejects(fs.rmdir(`${root}/missing`), 'ENOENT');
    await rejects(fs.rmdir(`${root}/d/e/.`), 'EINVAL');
    await rejects(fs.rmdir(`${root}/d/e/..`), 'ENOTEMPTY');
    await fs.rmdir(`${root}/d/e/`);
    await fs.rmdir(`${root}/d`);
    expect(await fs.readdir(root)).toEqual(['f']);
  },

  'unlink removes a file and no directory': async (fs, root) => {
    await put(fs, `${root}/f`, 'x');
    await fs.mkdir(`${root}/d`);
    await rejects(fs.unlink(`${root}/missing`), 'ENOENT');
    await rejects(fs.unlink(`${root}/f/`), 'ENOTDIR');
    await rejects(fs.unlink(`${root}/d`), 'EISDIR', 'EPERM');
    await fs.unlink(`${root}/f`);
    expect(await fs.readdir(root)).toEqual(['d']);
  },

  'the data of an unlinked file lives until the last handle closes': async (fs, root) => {
    await put(fs, `${root}/f`, 'old');
    const old = await fs.open(`${root}/f`, 'r+');
    await fs.unlink(`${root}/f`);
    await put(fs, `${root}/f`, 'new');
    await old.write(bytes('er'), 0, 2, 3);
    await old.sync();
    const buffer = new Uint8Array(9);
    expect((await old.read(buffer, 0, 9, 0)).bytesRead).toBe(5);
    expect(text(buffer.subarray(0, 5))).toBe('older');
    await old.close();
    expect(await get(fs, `${root}/f`)).toBe('new');
  },

  'stat tells files from directories, and the size': async (fs, root) => {
    await put(fs, `${root}/f`, 'four');
    const file = await fs.stat(`${root}/f`);
    expect([file.isFile(), file.isDirectory(), file.size]).toEqual([true, false, 4]);
    const directory = await fs.stat(root);
    expect([directory.isFile(), directory.isDirectory()]).toEqual([false, true]);
    await rejects(fs.stat(`${root}/missing`), 'ENOENT');
    await rejects(fs.stat(`${root}/f/`), 'ENOTDIR');
  },

  // Renaming

  'rename moves a file, and handles move along': async (fs, root) => {
    await fs.mkdir(`${root}/d`);
    const file = await fs.open(`${root}/f`, 'w');
    await fs.rename(`${root}/f`, `${root}/d/g`);
    await file.write(bytes('later'), 0, 5, 0);
    await file.close();
    expect(await fs.readdir(root)).toEqual(['d']);
    expect(await get(fs, `${root}/d/g`)).toBe('later');
  },

  'rename replaces a file, whose open handles keep the old data': async (fs, root) => {
    await put(fs, `${root}/f`, 'new');
    await put(fs, `${root}/g`, 'old');
    const old = await fs.open(`${root}/g`, 'r');
    await fs.rename(`${root}/f`, `${root}/g`);
    expect(await fs.readdir(root)).toEqual(['g']);
    expect(await get(fs, `${root}/g`)).toBe('new');
    const buffer = new Uint8Array(3);
    await old.read(buffer, 0, 3, 0);
    expect(text(buffer)).toBe('old');
    await old.close();
  },

  'rename onto itself changes nothing': async (fs, root) => {
    await put(fs, `${root}/f`, 'x');
    await fs.mkdir(`${root}/d`);
    await fs.rename(`${root}/f`, `${root}/./f`);
    await fs.rename(`${root}/d`, `${root}/d/`);
    expect((await fs.readdir(root)).sort()).toEqual(['d', 'f']);
    expect(await get(fs, `${root}/f`)).toBe('x');
  },

  'rename moves a directory with all in it, also over an empty one': async (fs, root) => {
    await fs.mkdir(`${root}/a/b`, { recursive: true });
    await put(fs, `${root}/a/b/f`, 'x');
    await fs.mkdir(`${root}/c`);
    await fs.rename(`${root}/a`, `${root}/c`);
    expect(await fs.readdir(root)).toEqual(['c']);
    expect(await get(fs, `${root}/c/b/f`)).toBe('x');
    await fs.rename(`${root}/c/b`, `${root}/b`);
    expect(await fs.readdir(`${root}/b/..`)).toHaveLength(2);
    await fs.rmdir(`${root}/c`);
  },

  'rename refuses what does not fit': async (fs, root) => {
    await put(fs, `${root}/f`, 'x');
    await fs.mkdir(`${root}/empty`);
    await fs.mkdir(`${root}/full/inner`, { recursive: true });
    await rejects(fs.rename(`${root}/missing`, `${root}/x`), 'ENOENT');
    await rejects(fs.rename(`${root}/f`, `${root}/missing/x`), 'ENOENT');
    await rejects(fs.rename(`${root}/f`, `${root}/empty`), 'EISDIR');
    await rejects(fs.rename(`${root}/empty`, `${root}/f`), 'ENOTDIR');
    await rejects(fs.rename(`${root}/empty`, `${root}/full`), 'ENOTEMPTY');
    await rejects(fs.rename(`${root}/full`, `${root}/full/inner/x`), 'EINVAL');
    await rejects(fs.rename(`${root}/full/inner`, `${root}/full`), 'ENOTEMPTY');
    await rejects(fs.rename(`${root}/f/`, `${root}/x`), 'ENOTDIR');
    await rejects(fs.rename(`${root}/f`, `${root}/x/`), 'ENOTDIR');
    await rejects(fs.rename(`${root}/empty/.`, `${root}/x`), 'EBUSY');
    await rejects(fs.rename(`${root}/empty`, `${root}/full/..`), 'EBUSY');
    expect((await fs.readdir(root)).sort()).toEqual(['empty', 'f', 'full']);
  },

  // Errors

  'errors are those of Node: code, errno, syscall, path and message': async (fs, root) => {
    const path = `${root}/missing`;
    const open = await rejects(fs.open(path, 'r'), 'ENOENT');
    expect({ ...open }).toEqual({ errno: -2, code: 'ENOENT', syscall: 'open', path });
    expect(open.message).toBe(`ENOENT: no such file or directory, open '${path}'`);

    const rename = await rejects(fs.rename(path, `${root}/x`), 'ENOENT');
    expect({ ...rename }).toEqual({ errno: -2, code: 'ENOENT', syscall: 'rename', path, dest: `${root}/x` });
    expect(rename.message).toBe(`ENOENT: no such file or directory, rename '${path}' -> '${root}/x'`);

    expect((await rejects(fs.readdir(path), 'ENOENT')).message).toContain('scandir');
    expect((await rejects(fs.mkdir(root), 'EEXIST')).message).toBe(
      `EEXIST: file already exists, mkdir '${root}'`,
    );

    const file = await fs.open(`${root}/f`, 'w');
    const read = await rejects(file.read(new Uint8Array(1), 0, 1, 0), 'EBADF');
    expect({ ...read }).toEqual({ errno: -9, code: 'EBADF', syscall: 'read' });
    expect(read.message).toBe('EBADF: bad file descriptor, read');
    await file.close();
    const closed = await rejects(file.sync(), 'EBADF');
    expect({ ...closed }).toEqual({ code: 'EBADF', syscall: 'fsync' });
    expect(closed.message).toBe('file closed');
  },
};

const creatingFlags = [
  'w',
  'wx',
  'w+',
  'wx+',
  'a',
  'ax',
  'a+',
  'ax+',
] as const satisfies readonly OpenFlags[];

async function rejects(outcome: Promise<unknown>, ...codes: readonly string[]): Promise<Error> {
  const error = await outcome.then(
    () => new Error('it resolved'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new TypeError(`rejected with ${String(error)}, which is no Error`);
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !codes.includes(code)) {
    throw new Error(`wanted ${codes.join(' or ')}, got: ${error.message}`, { cause: error });
  }
  return error;
}

async function put(fs: FileSystem, path: string, content: string): Promise<void> {
  await using(fs, path, 'w', (file) => file.write(bytes(content), 0, content.length, 0));
}

async function get(fs: FileSystem, path: string): Promise<string> {
  return using(fs, path, 'r', async (file) => {
    const buffer = new Uint8Array((await file.stat()).size);
    await file.read(buffer, 0, buffer.length, 0);
    return text(buffer);
  });
}

async function using<T>(
  fs: FileSystem,
  path: string,
  flags: OpenFlags,
  body: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await fs.open(path, flags);
  try {
    return await body(file);
  } finally {
    await file.close();
  }
}

function bytes(content: string): Uint8Array {
  return Uint8Array.from(content, (character) => character.charCodeAt(0));
}

function text(content: Uint8Array): string {
  return String.fromCharCode(...content);
}
