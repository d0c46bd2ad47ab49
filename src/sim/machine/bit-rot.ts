import type { Draws } from '../choices/index.ts';
import type { Disk } from '../disk/index.ts';

/** Where a medium has changed a bit by itself. */
export interface RottenBit {
  readonly path: string;
  /** Bytes from the start of the file. */
  readonly position: number;
  /** 0 is the least significant. */
  readonly bit: number;
}

/** Where logs keep what they wrote last: half of all rot is put there. */
const tailBytes = 2048;

/** Logs begin what they write on a sector, with its length and checksums. */
const sectorBytes = 512;
const headBytes = 16;

/** Which bits are preferred. */
export interface RotAim {
  /** The last file of each directory is left alone. Default: nothing is. */
  readonly sparesNewest?: boolean;
  /** Files that are left alone, and all that come after them in their directories. */
  readonly sparesFrom?: readonly string[];
  /** The first bytes of some sector. Default: half of the time the end of a file. */
  readonly atHeads?: boolean;
}

/**
 * Flips one bit of one file under `directory`, durably; `undefined` when there is no byte to flip. The
 * last file of each directory, and the end of a file, are preferred: there a log has least evidence.
 */
export function rotOneBit(
  disk: Disk,
  directory: string,
  draws: Draws,
  { sparesNewest = false, sparesFrom = [], atHeads = false }: RotAim = {},
): RottenBit | undefined {
  const paths = filesUnder(disk, directory).filter((path) => disk.stat(path).size > 0);
  const newest = newestOf(paths);
  const isSpared = (path: string): boolean =>
    sparesFrom.some((first) => parentOf(first) === parentOf(path) && first <= path);
  const candidates = sparesNewest
    ? paths.filter((path) => !newest.includes(path) && !isSpared(path))
    : draws.choose(2) === 0
      ? newest
      : paths;
  const path = candidates[draws.choose(candidates.length)];
  if (path === undefined) return undefined;
  const file = disk.open(path, 'r+');
  const { size } = file.stat();
  const position = atHeads ? drawHead(size, draws) : drawPlace(size, draws);
  const bit = draws.choose(8);
  file.close();
  flip(disk, { path, position, bit });
  return { path, position, bit };
}

function drawPlace(size: number, draws: Draws): number {
  return size - 1 - draws.choose(draws.choose(2) === 0 ? Math.min(size, tailBytes) : size);
}

function drawHead(size: number, draws: Draws): number {
  const start = draws.choose(Math.ceil(size / sectorBytes)) * sectorBytes;
  return start + draws.choose(Math.min(headBytes, size - start));
}

/** Puts the bit back as it was, durably, as from a good copy. `false` where the file has gone. */
export function healBit(disk: Disk, rotten: RottenBit): boolean {
  return rotBit(disk, rotten);
}

/** Flips the bit, durably. `false` where there is no such file, or it is shorter. */
export function rotBit(disk: Disk, rotten: RottenBit): boolean {
  if (!disk.has(rotten.path) || disk.stat(rotten.path).size <= rotten.position) return false;
  flip(disk, rotten);
  return true;
}

function flip(disk: Disk, { path, position, bit }: RottenBit): void {
  const file = disk.open(path, 'r+');
  const byte = new Uint8Array(1);
  file.read(byte, 0, 1, position);
  byte[0] = (byte[0] ?? 0) ^ (1 << bit);
  file.write(byte, 0, 1, position);
  file.sync();
  file.close();
}

/** The last file of each directory. */
export function newestOf(paths: readonly string[]): string[] {
  return paths.filter((path, index) => parentOf(path) !== parentOf(paths[index + 1] ?? ''));
}

/** Paths of all files, in order. */
export function filesUnder(disk: Disk, directory: string): string[] {
  return disk
    .readdir(directory)
    .toSorted()
    .flatMap((name) => {
      const path = `${directory}/${name}`;
      return disk.stat(path).isDirectory() ? filesUnder(disk, path) : [path];
    });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
