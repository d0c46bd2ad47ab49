import path from 'node:path';

/** How the user would call this command again: `npx stemedb-sim` when installed, `bin/stemedb-sim` in a checkout. */
export function invocation(name: string): string {
  const script = process.argv[1];
  if (script === undefined || script.includes(`${path.sep}node_modules${path.sep}`)) return `npx ${name}`;
  return path.relative(process.cwd(), script) || name;
}
