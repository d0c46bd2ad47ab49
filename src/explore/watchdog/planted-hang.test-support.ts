import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { planRun, type RunPlan } from '../run-plan.ts';

const library = pathToFileURL(path.resolve(import.meta.dirname, '../../../dist/src/index.js')).href;

/** Of eight numbers of turns that a user may take one lets it go round in microtasks for ever, and one fails. */
const arena = `
import { defineArena, Violation } from '${library}';

export default defineArena({
  name: 'turns', summary: 'a user takes some turns', scenarios: ['calm'], markers: [],
  properties: [{ id: 'not-six', kind: 'safety', claim: 'nobody takes six turns' }],
  async play(context) {
    const turns = context.workload('turns').choose(8);
    const user = context.spawn('user', async () => {
      for (let turn = 0; turn < turns; turn++) await context.scheduler.yield();
      while (turns === 5) await undefined;
    });
    await user.join();
    if (turns === 6) throw new Violation({ property: 'not-six', category: 'inconsistent', message: 'Six turns.' });
  },
});
`;

export interface PlantedHang {
  /** Of a project that has nothing but the arena. */
  readonly folder: string;
  /** The arena's address. */
  readonly module: string;
}

export function plantHang(): PlantedHang {
  const folder = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-hang-'));
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "somebody", "type": "module" }');
  mkdirSync(path.join(folder, 'arenas'));
  const file = path.join(folder, 'arenas/turns.js');
  writeFileSync(file, arena);
  return { folder, module: pathToFileURL(file).href };
}

/** Run `run` of a campaign of the arena. */
export function turnsPlan(run: number): RunPlan {
  return planRun({ seed: '4', pairs: [{ arena: 'turns', scenario: 'calm' }], strategy: 'in-order' }, run);
}
