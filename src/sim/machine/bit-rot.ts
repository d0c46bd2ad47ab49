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

/**
 * Flips one bit of one file under `directory`, of which nothing is pending, durably; `undefined` when there is
 * no byte to flip. The last file of each directory, and the end of a file, are preferred: there a log has least evidence.
 */
export function rotOneBit(disk: Disk, directory: string, draws: Draws): RottenBit | undefined {
  const paths = filesUnder(disk, directory).filter((path) => disk.stat(path).size > 0);
  const newest = paths.filter((path, index) => parentOf(path) !== parentOf(paths[index + 1] ?? ''));
  const candidates = draws.choose(2) === 0 ? newest : paths;
  const path = candidates[draws.choose(candidates.length)];
  if (path === undefined) return undefined;
  const file = disk.open(path, 'r');
  const { size } = file.stat();
  const position = size - 1 - draws.choose(draws.choose(2) === 0 ? Math.min(size, tailBytes) : size);
  const bit = draws.choose(8);
  file.rot(position, bit);
  file.close();
  return { path, position, bit };
}

/** Paths of all files, in order. */
function filesUnder(disk: Disk, directory: string): string[] {
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
