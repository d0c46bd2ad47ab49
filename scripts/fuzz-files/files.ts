import type { Disk } from '../../src/sim/index.ts';

/** Contents of files by absolute path. Arrays are shared, and never written to. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** What is on a disk under `directory`, in the order of the paths. */
export function readFiles(disk: Disk, directory: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of disk.readdir(directory).toSorted()) {
    const path = `${directory}/${name}`;
    const children = disk.stat(path).isDirectory()
      ? readFiles(disk, path)
      : [[path, readFile(disk, path)] as const];
    for (const [child, bytes] of children) files.set(child, bytes);
  }
  return files;
}

/** Turns a disk that holds `before` into one that holds `after`; the directories of both are there. */
export function replaceFiles(disk: Disk, before: Files, after: Files): void {
  for (const path of before.keys()) if (!after.has(path)) disk.unlink(path);
  for (const [path, bytes] of after) if (before.get(path) !== bytes) writeFile(disk, path, bytes);
}

export function isSameContent(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === other) return true;
  return one?.length === other?.length && one?.every((byte, at) => byte === other?.[at]) === true;
}

function readFile(disk: Disk, path: string): Uint8Array {
  const file = disk.open(path, 'r');
  const bytes = new Uint8Array(file.stat().size);
  file.read(bytes, 0, bytes.length, 0);
  file.close();
  return bytes;
}

function writeFile(disk: Disk, path: string, bytes: Uint8Array): void {
  const file = disk.open(path, 'w');
  file.write(bytes, 0, bytes.length, 0);
  file.close();
}
