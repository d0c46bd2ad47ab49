import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../package-root.ts';
import type { KeptCase } from './kept-case.ts';

const folder = fileURLToPath(new URL('fixtures/regressions/', packageRoot));

/**
 * Files of the kept cases whose names `glob` fits, in order; `*` is any part of a name. A path to a file is
 * taken as it is.
 */
export async function keptCaseFiles(glob = '*'): Promise<string[]> {
  if (glob.includes(path.sep)) return [glob];
  const parts = glob.replace(/\.json$/, '').split('*');
  const pattern = new RegExp(`^${parts.map((part) => part.replaceAll(/\W/g, '\\$&')).join('.*')}$`);
  const files = await readdir(folder).catch(() => []);
  return files
    .filter((file) => file.endsWith('.json') && pattern.test(file.slice(0, -'.json'.length)))
    .toSorted()
    .map((file) => path.join(folder, file));
}

/** Writes `fixtures/regressions/<name>.json`, or to `file`. Returns where. */
export async function writeKeptCase(kept: KeptCase, file?: string): Promise<string> {
  const target = file ?? path.join(folder, `${kept.name}.json`);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, `${JSON.stringify(kept, undefined, 2)}\n`);
  return target;
}
