import { loadCatalogue, play, planRun } from '../src/explore/index.ts';
import { checkTargets, measure, type Subject, table } from './measure.ts';

/** A default run of each arena, by scenario: one seed after another. */
const runs = 100;

/** Measures one arena after the other, so that what they compile does not mix. */
const catalogue = await loadCatalogue();
for (const { name: arena, scenarios } of catalogue.arenas.values()) {
  const subjects: Record<string, Subject> = {};
  for (const scenario of scenarios) {
    let run = 0;
    const plan = { seed: '42', pairs: [{ arena, scenario }] };
    subjects[scenario] = {
      name: `${arena} × ${scenario}`,
      unit: 'run',
      run: async () => {
        await play(catalogue, planRun(plan, run++));
        return 1;
      },
    };
  }
  const measured = await measure(subjects, runs);
  const targets = Object.values(measured).map(({ name, medianNanos }) => ({
    claim: `${name}, milliseconds a run`,
    measured: medianNanos / 1e6,
    must: 'at most' as const,
    bound: 100,
  }));
  process.stdout.write(`${table(measured)}\n\n${checkTargets(targets)}\n`);
}
