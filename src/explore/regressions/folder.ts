import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../project.ts';
import type { KeptCase } from './kept-case.ts';

/** In the user's project. */
const keptFolder = (): string => path.join(projectRoot(), 'fixtures', 'regressions');

/**
 * Files of the kept cases whose names `glob` fits, in order; `*` is any part of a name. A path to a file is
 * taken as it is.
 */
export async function keptCaseFiles(glob = '*'): Promise<string[]> {
  if (glob.includes(path.sep)) return [glob];
  const parts = glob.replace(/\.json$/, '').split('*');
  const pattern = new RegExp(`^${parts.map((part) => part.replaceAll(/\W/g, '\\$&')).join('.*')}$`);
  const folder = keptFolder();
  const files = await readdir(folder).catch(() => []);
  return files
    .filter((file) => file.endsWith('.json') && pattern.test(file.slice(0, -'.json'.length)))
    .toSorted()
    .map((file) => path.join(folder, file));
}

/** Writes `fixtures/regressions/<name>.json`, or to `file`. Returns where. */
export async function writeKeptCase(kept: KeptCase, file?: string): Promise<string> {
  const target = file ?? path.join(keptFolder(), `${kept.name}.json`);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, `${JSON.stringify(kept, undefined, 2)}\n`);
  return target;
}
