import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const built = (file: string): string => pathToFileURL(path.join(root, 'dist/src', file)).href;

const arena = (name: string, isWrong: string): string => `
import { defineArena, Violation } from '${built('index.js')}';

export default defineArena({
  name: '${name}', summary: '', scenarios: ['calm'], markers: [],
  properties: [{ id: 'not-six', kind: 'safety', claim: 'nobody takes six turns' }],
  async play(context) {
    const turns = context.workload('turns').choose(8);
    for (let turn = 0; turn < turns; turn++) await context.scheduler.yield();
    if (${isWrong}) throw new Violation({ property: 'not-six', category: 'inconsistent', message: 'Six turns.' });
  },
});
`;

const tests = `
import { simTest } from '${built('vitest/index.js')}';
import sixes from './sixes.js';
import others from './others.js';

simTest('sixes', sixes, { runs: 8, seed: 6, strategy: 'in-order' });
simTest('others', others, { runs: 1 });
`;

describe('simTest', () => {
  let home: string;

  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-test-'));
    writeFileSync(path.join(home, 'package.json'), '{ "name": "somebody", "type": "module" }');
    mkdirSync(path.join(home, 'arenas'));
    writeFileSync(path.join(home, 'sixes.js'), arena('sixes', 'turns === 6'));
    writeFileSync(path.join(home, 'others.js'), arena('others', 'false'));
    writeFileSync(path.join(home, 'sixes.test.js'), tests);
  });
  afterAll(() => rmSync(home, { recursive: true }));

  /** The tests of the project, in a vitest of their own. */
  function vitest(environment: Readonly<Record<string, string>> = {}) {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--globals', '--reporter', 'verbose'],
      { cwd: home, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', CI: '', ...environment } },
    );
    return { said: stdout + stderr, status };
  }

  it('fails with the counterexample, which STEMEDB_SIM_REPLAY plays again and nothing else', () => {
    const all = vitest();
    expect(all.status).toBe(1);
    expect(all.said).toContain('Six turns.');
    expect(all.said).toMatch(/✓ .*others/);
    const file = readdirSync(path.join(home, 'reports/sixes')).find((name) => name.endsWith('.json'))!;
    const replay = path.join('reports/sixes', file);
    expect(all.said).toContain(`STEMEDB_SIM_REPLAY=${replay} npx vitest run`);

    const again = vitest({ STEMEDB_SIM_REPLAY: replay });
    expect(again.status).toBe(1);
    expect(again.said).toContain(`Replayed ${replay}: the same digest, step for step`);
    expect(again.said).toMatch(/↓ .*others/);

    const source = path.join(home, 'sixes.js');
    writeFileSync(source, readFileSync(source, 'utf8').replace('turns === 6', 'turns === 9'));
    expect(vitest({ STEMEDB_SIM_REPLAY: replay }).status).toBe(0);
  });

  it('plays as many runs, and from such a seed, as the environment asks for', () => {
    const source = path.join(home, 'sixes.js');
    writeFileSync(source, readFileSync(source, 'utf8').replace('turns === 9', 'turns === 7'));
    const { said, status } = vitest({ STEMEDB_SIM_RUNS: '1', STEMEDB_SIM_SEED: '1' });
    expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' });
    expect(vitest({ STEMEDB_SIM_RUNS: '8', STEMEDB_SIM_SEED: '1' }).status).toBe(1);
  });
});
