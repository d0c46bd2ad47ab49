/**
 * For tests, as a process: plants bugs, looks for failures, minimizes them and prints the cases as JSON.
 * `minimize-planted first|each|resumed|parallel <mutants> <arena> <scenario> <property>`.
 */
import { compile, plant } from '../mutants/plant.ts';
import { readMutant } from '../mutants/mutant.ts';
import type { RunFile } from '../run-file.ts';
import type { MinimizedCase } from '../run-record.ts';

const [mode = '', names = '', arena = '', scenario = '', property = ''] = process.argv.slice(2);
const mutants = await Promise.all(names.split(',').map(readMutant));
plant(await compile({ name: names, edits: mutants.flatMap(({ edits }) => edits) }));
const { loadCatalogue, planRun, play, toRunFile } = await import('../index.ts');
const { minimize } = await import('./minimize.ts');
const catalogue = await loadCatalogue();
/** The result shall depend on the tries alone, however busy the machine is. */
const patient = { wallMsMax: Infinity };

async function* failures(): AsyncGenerator<RunFile> {
  for (let run = 0; run < 200; run++) {
    const plan = planRun({ seed: '1', pairs: [{ arena, scenario }] }, run);
    const { record } = await play(catalogue, plan);
    if (record.verdict !== 'violated' || record.steps > stepsMax) continue;
    if (property !== '' && record.property !== property) continue;
    yield toRunFile(await play(catalogue, plan, { record: true }), names);
  }
}

/** Runs that are long slip more often, and take longer. */
const stepsMax = mode === 'each' ? 4000 : 1600;

const cases: MinimizedCase[] = [];
const seen = new Set<string | null>();
for await (const file of failures()) {
  if (seen.has(file.record.signature)) continue;
  seen.add(file.record.signature);
  if (mode === 'resumed') {
    const first = await minimize(catalogue, file, { ...patient, triesMax: 5 });
    const second = await minimize(catalogue, { ...file, minimized: first }, { ...patient, triesMax: 10 });
    cases.push(first, second);
    break;
  }
  if (mode === 'parallel') {
    for (const jobs of [undefined, 2]) {
      cases.push(await minimize(catalogue, file, { ...patient, triesMax: 60, jobs }));
    }
    break;
  }
  cases.push(await minimize(catalogue, file, { ...patient, triesMax: mode === 'each' ? 120 : 1500 }));
  if (cases.length === (mode === 'each' ? 2 : 1)) break;
}
process.stdout.write(JSON.stringify(cases));
