/**
 * For tests, as a process: plants bugs, looks for failures, minimizes them and prints the cases as JSON.
 * `minimize-planted each|resumed|parallel|twice <mutants> <arena> <scenario> <property>`; `twice` replays the case twice.
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

interface Minimized extends MinimizedCase {
  /** Of the run that it was made from. */
  readonly signatureBefore?: string | null;
  /** Digests. */
  readonly replayed?: readonly string[];
}

const cases: Minimized[] = [];
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
  if (mode === 'twice') {
    const small = await minimize(catalogue, file, { ...patient, triesMax: 500 });
    const replay = { mode: 'strict', tape: small.tape } as const;
    const [one, two] = [
      await play(catalogue, small.record, { replay }),
      await play(catalogue, small.record, { replay }),
    ];
    const replayed = [one.record.digest, two.record.digest];
    cases.push({ ...small, replayed, signatureBefore: file.record.signature });
    break;
  }
  cases.push(await minimize(catalogue, file, { ...patient, triesMax: 120 }));
  if (cases.length === 2) break;
}
process.stdout.write(JSON.stringify(cases));
