/**
 * For tests, as a process: plants bugs and changes of the sources, checks every kept case and prints their
 * outcomes as JSON. `check-planted <mutants> <changes>`, each with commas, by name or number.
 */
import { readFile } from 'node:fs/promises';
import { packageRoot } from '../package-root.ts';
import { type Edit, readMutant } from '../mutants/mutant.ts';
import { plant } from '../mutants/plant.ts';

const [names = '', numbers = ''] = process.argv
  .slice(2)
  .map((list) => list.split(',').filter((one) => one !== ''));
const text = await readFile(new URL('fixtures/unrelated-changes.json', packageRoot), 'utf8');
const changes = JSON.parse(text) as { readonly name: string; readonly edits: readonly Edit[] }[];
const mutants = await Promise.all([...names].map(readMutant));
const chosen = [...numbers].map((number) => changes[Number(number)]!);
const edits = [...mutants, ...chosen].flatMap((one) => one.edits);
if (edits.length > 0) await plant({ name: [...names, ...numbers].join(), edits });

const { checkKeptCase, keptCaseFiles, loadCatalogue, playIn, readKeptCase } = await import('../index.ts');
const play = playIn(await loadCatalogue());
const outcomes: Record<string, string> = {};
for (const file of await keptCaseFiles()) {
  const kept = await readKeptCase(file);
  if (mutants.length > 0 && kept.found.mutant !== mutants[0]!.name) continue;
  const { outcome, missed } = await checkKeptCase(play, kept);
  outcomes[kept.name] = missed.length > 0 && outcome === 'stale' ? `stale: ${missed[0]}` : outcome;
}
process.stdout.write(JSON.stringify(outcomes));
