import { crc32c } from '../../crypto/index.ts';
import { errnoOf, type FileHandle, type FileStat, type FileSystem } from '../../ports/index.ts';
import { type Call, contentOf, slotCount } from './differential-calls.test-support.ts';
import type { Disk } from './disk.ts';
import type { OpenFile } from './open-file.ts';

/** What a sequence of calls needs of a disk. */
export interface DiskLike extends Pick<Disk, 'readdir' | 'mkdir' | 'rename' | 'unlink' | 'rmdir' | 'stat'> {
  open(...parameters: Parameters<Disk['open']>): FileLike;
}

export type FileLike = Pick<OpenFile, 'read' | 'write' | 'truncate' | 'sync' | 'datasync' | 'stat' | 'close'>;

/** Makes the calls in `directory`/root; returns what came of each, and in the end the whole tree. */
export function runOnDisk(disk: DiskLike, directory: string, calls: readonly Call[]): string[] {
  const slots: (FileLike | undefined)[] = Array.from({ length: slotCount });
  const endings = slots.map((_, slot): Call => ({ call: 'fstat', slot }));
  const outcomes = [...calls, ...endings].map((call) => {
    try {
      return callDisk(disk, directory, slots, call);
    } catch (error) {
      return describeError(error, directory);
    }
  });
  for (const file of slots) file?.close();
  return [...outcomes, ...treeOfDisk(disk, directory, directory)];
}

/** The same over the port. */
export async function runOnPort(
  fs: FileSystem,
  directory: string,
  calls: readonly Call[],
): Promise<string[]> {
  const slots: (FileHandle | undefined)[] = Array.from({ length: slotCount });
  const outcomes: string[] = [];
  const endings = slots.map((_, slot): Call => ({ call: 'fstat', slot }));
  for (const call of [...calls, ...endings]) {
    try {
      outcomes.push(await callPort(fs, directory, slots, call));
    } catch (error) {
      outcomes.push(describeError(error, directory));
    }
  }
  for (const file of slots) await file?.close();
  return [...outcomes, ...(await treeOfPort(fs, directory, directory))];
}

function callDisk(disk: DiskLike, directory: string, slots: (FileLike | undefined)[], call: Call): string {
  const pathOf = (path: string): string => `${directory}/root/${path}`;
  switch (call.call) {
    case 'open': {
      const file = disk.open(pathOf(call.path), call.flags);
      slots[call.slot]?.close();
      slots[call.slot] = file;
      return 'opened';
    }
    case 'readdir':
      return disk.readdir(pathOf(call.path)).sort().join();
    case 'mkdir':
      return `${disk.mkdir(pathOf(call.path))}`;
    case 'mkdirRecursive':
      return makeAll(disk, pathOf(call.path)).replace(directory, '$');
    case 'rename':
      return `${disk.rename(pathOf(call.path), pathOf(call.to))}`;
    case 'unlink':
      return `${disk.unlink(pathOf(call.path))}`;
    case 'rmdir':
      return `${disk.rmdir(pathOf(call.path))}`;
    case 'stat':
      return sizeOf(disk.stat(pathOf(call.path)));
  }
  const file = slots[call.slot];
  if (file === undefined) return 'no handle';
  switch (call.call) {
    case 'close':
      slots[call.slot] = undefined;
      return `${file.close()}`;
    case 'read': {
      const buffer = new Uint8Array(Math.max(call.length, 1));
      const count = file.read(buffer, 0, call.length, call.position);
      return `${count} bytes, ${crc32c(buffer)}`;
    }
    case 'write':
      return `${file.write(contentOf(call), 0, call.length, call.position)} bytes`;
    case 'truncate':
      return `${file.truncate(call.length)}`;
    case 'sync':
      return `${file.sync()}`;
    case 'datasync':
      return `${file.datasync()}`;
    case 'fstat':
      return sizeOf(file.stat());
  }
}

/** Node's synchronous call names another path in its errors than the promise that the port is made of. */
function makeAll(disk: DiskLike, path: string): string {
  try {
    return `${disk.mkdir(path, { recursive: true })}`;
  } catch (error) {
    return errnoOf(error) ?? `threw ${String(error)}`;
  }
}

async function callPort(
  fs: FileSystem,
  directory: string,
  slots: (FileHandle | undefined)[],
  call: Call,
): Promise<string> {
  const pathOf = (path: string): string => `${directory}/root/${path}`;
  switch (call.call) {
    case 'open': {
      const file = await fs.open(pathOf(call.path), call.flags);
      await slots[call.slot]?.close();
      slots[call.slot] = file;
      return 'opened';
    }
    case 'readdir':
      return (await fs.readdir(pathOf(call.path))).sort().join();
    case 'mkdir':
      return `${await fs.mkdir(pathOf(call.path))}`;
    case 'mkdirRecursive':
      return `${(await fs.mkdir(pathOf(call.path), { recursive: true }))?.replace(directory, '$')}`;
    case 'rename':
      return `${await fs.rename(pathOf(call.path), pathOf(call.to))}`;
    case 'unlink':
      return `${await fs.unlink(pathOf(call.path))}`;
    case 'rmdir':
      return `${await fs.rmdir(pathOf(call.path))}`;
    case 'stat':
      return sizeOf(await fs.stat(pathOf(call.path)));
  }
  const file = slots[call.slot];
  if (file === undefined) return 'no handle';
  switch (call.call) {
    case 'close':
      // The closed handle stays in its slot: what it rejects with is compared too.
      return `${await file.close()}`;
    case 'read': {
      const buffer = new Uint8Array(Math.max(call.length, 1));
      const { bytesRead } = await file.read(buffer, 0, call.length, call.position);
      return `${bytesRead} bytes, ${crc32c(buffer)}`;
    }
    case 'write':
      return `${(await file.write(contentOf(call), 0, call.length, call.position)).bytesWritten} bytes`;
    case 'truncate':
      return `${await file.truncate(call.length)}`;
    case 'sync':
      return `${await file.sync()}`;
    case 'datasync':
      return `${await file.datasync()}`;
    case 'fstat':
      return sizeOf(await file.stat());
  }
}

function treeOfDisk(disk: DiskLike, directory: string, path: string): string[] {
  const stat = disk.stat(path);
  const line = `${path.replace(directory, '$')} ${sizeOf(stat)}`;
  if (stat.isDirectory()) {
    const names = disk.readdir(path).sort();
    return [line, ...names.flatMap((name) => treeOfDisk(disk, directory, `${path}/${name}`))];
  }
  const content = new Uint8Array(stat.size);
  const file = disk.open(path, 'r');
  file.read(content, 0, content.length, 0);
  file.close();
  return [`${line} ${crc32c(content)}`];
}

async function treeOfPort(fs: FileSystem, directory: string, path: string): Promise<string[]> {
  const stat = await fs.stat(path);
  const line = `${path.replace(directory, '$')} ${sizeOf(stat)}`;
  if (stat.isDirectory()) {
    const names = (await fs.readdir(path)).sort();
    const below: string[] = [];
    for (const name of names) below.push(...(await treeOfPort(fs, directory, `${path}/${name}`)));
    return [line, ...below];
  }
  const content = new Uint8Array(stat.size);
  const file = await fs.open(path, 'r');
  await file.read(content, 0, content.length, 0);
  await file.close();
  return [`${line} ${crc32c(content)}`];
}

function sizeOf(stat: FileStat): string {
  return stat.isDirectory() ? 'directory' : `${stat.isFile() ? 'file' : '?'} of ${stat.size}`;
}

function describeError(error: unknown, directory: string): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const fields = Object.entries({ ...error, message: error.message }).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return JSON.stringify(fields).replaceAll(directory, '$');
}
