import type { FileStat } from '../../ports/index.ts';

/** The part of `fs.Stats` that a simulated disk has: times, owners and modes are the same for all files. */
export interface NodeStats {
  readonly size: number;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly dev: number;
  readonly ino: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly birthtime: Date;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** An entry of `readdir` with `withFileTypes`. */
export interface NodeDirent {
  readonly name: string;
  readonly parentPath: string;
  /** The same, as older code has it. */
  readonly path: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

export function nodeStats(stat: FileStat): NodeStats {
  const isDirectory = stat.isDirectory();
  // oxlint-disable-next-line no-restricted-globals -- a fixed moment is no look at a clock
  const epoch = new Date(0);
  return {
    size: stat.size,
    mode: isDirectory ? 0o40755 : 0o100644,
    nlink: 1,
    uid: 0,
    gid: 0,
    dev: 1,
    ino: 0,
    atimeMs: 0,
    mtimeMs: 0,
    ctimeMs: 0,
    birthtimeMs: 0,
    atime: epoch,
    mtime: epoch,
    ctime: epoch,
    birthtime: epoch,
    ...kindOf(isDirectory),
  };
}

export function nodeDirent(parentPath: string, name: string, stat: FileStat): NodeDirent {
  return { name, parentPath, path: parentPath, ...kindOf(stat.isDirectory()) };
}

function kindOf(isDirectory: boolean): Pick<NodeStats, 'isFile' | 'isDirectory' | 'isSymbolicLink'> {
  return {
    isFile: () => !isDirectory,
    isDirectory: () => isDirectory,
    isSymbolicLink: () => false,
  };
}
