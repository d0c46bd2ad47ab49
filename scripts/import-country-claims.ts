/**
 * Writes `fixtures/claims` from the installed packages about countries.
 *
 *     npm run build && node dist/scripts/import-country-claims.js
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { countryClaimFiles } from './country-claims/files.ts';

const directory = new URL('../../fixtures/claims/', import.meta.url);

mkdirSync(directory, { recursive: true });
for (const [name, content] of countryClaimFiles()) {
  writeFileSync(new URL(name, directory), content);
  const lines = content.split('\n').length - 1;
  process.stdout.write(`${name.padEnd(36)} ${String(lines).padStart(6)} lines\n`);
}
