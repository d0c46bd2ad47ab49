import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.ts';

/** Names the project's folder, for this process and all that it starts: what `--project` sets. */
export const projectVariable = 'STEMEDB_SIM_PROJECT';

/**
 * The folder of whoever uses the package: `arenas/` and `scenarios/` are looked for in it, and kept cases are in
 * `fixtures/regressions/`. The next folder upwards that has a `package.json`, as npm looks for it.
 */
export function projectRoot(): string {
  const named = process.env[projectVariable];
  if (named !== undefined && named !== '') return path.resolve(named);
  const here = process.cwd();
  for (let folder = here; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (folder === path.dirname(folder)) return here;
  }
}

/** Whether the project is a checkout of this package, which has its arenas anyway. */
export function isPackageItself(root: string): boolean {
  return existsSync(root) && realpathSync(root) === realpathSync(fileURLToPath(packageRoot));
}
