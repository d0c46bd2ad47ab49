import type { DirectoryNode } from './directory-node.ts';
import { directoryAt, type DiskState, type Node, rootOf } from './disk-state.ts';
import { errno } from './errno.ts';

const nameBytesMax = 255;
const pathBytesMax = 4095;

/** A path walked up to its last component, as Linux does before it creates, renames or removes. */
export interface Parent {
  readonly directory: DirectoryNode;
  /** The last component; empty for the root. */
  readonly name: string;
  /** Only `name` can be created or removed; the others get errors of their own. */
  readonly kind: 'name' | 'dot' | 'dotdot' | 'root';
  /** A slash follows the name: it must be a directory. */
  readonly slash: boolean;
}

/**
 * Walks to the directory that holds the last component. Throws ENOENT, ENOTDIR or ENAMETOOLONG, in the
 * order of the walk; `dest` is the other path of a rename, for the message only.
 */
export function walkToParent(state: DiskState, path: string, syscall: string, names?: ErrorNames): Parent {
  checkPath(path, syscall, names);
  const parts = path.split('/').filter((part) => part !== '');
  const last = parts.pop();
  let directory = rootOf(state);
  for (const part of parts) {
    const node = step(state, directory, part, path, syscall, names);
    if (node === undefined) throw fail('ENOENT', path, syscall, names);
    if (node.kind === 'file') throw fail('ENOTDIR', path, syscall, names);
    directory = node;
  }
  return {
    directory,
    name: last ?? '',
    kind: last === undefined ? 'root' : last === '.' ? 'dot' : last === '..' ? 'dotdot' : 'name',
    slash: path.endsWith('/'),
  };
}

/** The node that the last component names, if it does. Throws ENAMETOOLONG. */
export function lookUp(
  state: DiskState,
  parent: Parent,
  path: string,
  syscall: string,
  names?: ErrorNames,
): Node | undefined {
  return parent.kind === 'root'
    ? parent.directory
    : step(state, parent.directory, parent.name, path, syscall, names);
}

/** The node that a path names. Throws ENOENT, ENOTDIR or ENAMETOOLONG. */
export function resolve(state: DiskState, path: string, syscall: string): Node {
  const parent = walkToParent(state, path, syscall);
  const node = lookUp(state, parent, path, syscall);
  if (node === undefined) throw errno('ENOENT', syscall, path);
  if (node.kind === 'file' && parent.slash) throw errno('ENOTDIR', syscall, path);
  return node;
}

/** The two paths of a rename, which its errors name both, whichever is at fault. */
export interface ErrorNames {
  readonly path: string;
  readonly dest: string;
}

function step(
  state: DiskState,
  directory: DirectoryNode,
  part: string,
  path: string,
  syscall: string,
  names: ErrorNames | undefined,
): Node | undefined {
  if (part === '.') return directory;
  if (part === '..') return directoryAt(state, directory.parent);
  if (longerThan(part, nameBytesMax)) throw fail('ENAMETOOLONG', path, syscall, names);
  const number = directory.entries.get(part);
  return number === undefined ? undefined : state.nodes.get(number);
}

/** What Linux checks of a path before it walks. Throws ENOENT (empty), ENAMETOOLONG; TypeError when not absolute. */
export function checkPath(path: string, syscall: string, names?: ErrorNames): void {
  if (path.includes('\0')) {
    throw Object.assign(new TypeError(`A path must not contain a zero byte: ${JSON.stringify(path)}`), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
  }
  if (path === '') throw fail('ENOENT', path, syscall, names);
  if (longerThan(path, pathBytesMax)) throw fail('ENAMETOOLONG', path, syscall, names);
  if (!path.startsWith('/')) {
    throw Object.assign(new TypeError(`A path must be absolute, there is no working directory: "${path}"`), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
  }
}

function fail(
  code: 'ENOENT' | 'ENOTDIR' | 'ENAMETOOLONG',
  path: string,
  syscall: string,
  names: ErrorNames | undefined,
): Error {
  return errno(code, syscall, names?.path ?? path, names?.dest);
}

function longerThan(text: string, bytesMax: number): boolean {
  // A UTF-16 unit is at most three bytes of UTF-8.
  return text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax;
}
