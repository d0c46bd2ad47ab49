import { loadCatalogue, play, planRun } from '../src/explore/index.ts';
import { measure, table } from './measure.ts';

/** What a default run of each arena takes: the first scenario, one seed after another. */
const catalogue = await loadCatalogue();
for (const arena of catalogue.arenas.values()) {
  const subjects = arena.scenarios.map((scenario) => {
    let run = 0;
    const plan = { seed: '42', pairs: [{ arena: arena.name, scenario }] };
    return {
      name: `${arena.name} × ${scenario}`,
      unit: 'run',
      run: async () => {
        await play(catalogue, planRun(plan, run++));
        return 1;
      },
    };
  });
  process.stdout.write(`${table(await measure(subjects, 100))}\n`);
}
