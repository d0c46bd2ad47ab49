#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/src/cli/stemedb-sim.js', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write(
    'stemedb-sim: not built yet. Run "npm ci" or "npm run build" in this checkout first.\n',
  );
  process.exit(2);
}
process.exitCode = await (await import(main.href)).main(process.argv.slice(2));
