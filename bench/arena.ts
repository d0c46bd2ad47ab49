import { loadCatalogue, play, planRun } from '../src/explore/index.ts';
import { checkTargets, measure, type Subject, table, type Target } from './measure.ts';

/** A default run of each arena, by scenario: one seed after another. */
const runs = 50;

/** Measures one arena after the other, so that what they compile does not mix. */
const catalogue = await loadCatalogue();
const targets: Target[] = [];
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
  process.stdout.write(`${table(measured)}\n`);
  if (arena !== 'arena-0-spine') continue;
  for (const { name, medianNanos } of Object.values(measured)) {
    targets.push({
      claim: `${name}, milliseconds a run`,
      measured: medianNanos / 1e6,
      must: 'at most',
      bound: 100,
    });
  }
}
for (const arena of ['arena-1-cortex', 'arena-2-voting']) {
  const begun = performance.now();
  await play(catalogue, planRun({ seed: '42', pairs: [{ arena, scenario: 'thousand-agents' }] }, 0));
  targets.push({
    claim: `${arena} × thousand-agents, seconds`,
    measured: (performance.now() - begun) / 1000,
    must: 'at most',
    bound: 10,
  });
}
targets.push({
  claim: 'MiB of memory that the process had at most',
  measured: process.resourceUsage().maxRSS / 1024,
  must: 'at most',
  bound: 512,
});
process.stdout.write(`\n${checkTargets(targets)}\n`);
