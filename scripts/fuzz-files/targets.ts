import type { Files } from './files.ts';

/** The kinds of files that a database consists of. */
export const targets = ['wal', 'kv log', 'manifest', 'run'] as const;

export type Target = (typeof targets)[number];

/** Which kind of file it is, by its name. */
export function targetOf(path: string): Target {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.endsWith('.seg')) return path.includes('/kv/') ? 'kv log' : 'wal';
  if (name.startsWith('manifest-')) return 'manifest';
  if (name.startsWith('run-')) return 'run';
  throw new RangeError(`${path} is no file of a database`);
}

/** Paths of one kind, in order. */
export function pathsOf(files: Files, target: Target): string[] {
  return [...files.keys()].filter((path) => targetOf(path) === target).toSorted();
}
