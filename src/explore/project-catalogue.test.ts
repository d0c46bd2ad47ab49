import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalogue } from './catalogue.ts';
import { projectVariable } from './project.ts';

const arena = (name: string, scenario = 'calm'): string => `export default {
  name: '${name}', summary: '', scenarios: ['${scenario}'], markers: [],
  properties: [{ id: 'p', kind: 'safety', claim: '' }], async play() {},
};`;
const scenario = {
  name: 'mine',
  summary: 'nothing happens',
  profiles: ['strict'],
  latency: { slow: 0, outOf: 1, microsMax: 0 },
  crashes: { powerLossesMax: 0, killsMax: 0, distanceStepsMax: 1, distanceWritesMax: 1, imagesMax: 0 },
};

describe('the arenas and scenarios of a project', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-project-'));
    process.env[projectVariable] = root;
  });
  afterEach(() => {
    delete process.env[projectVariable];
    rmSync(root, { recursive: true });
  });

  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };

  it('are known besides those of the package, and which they are', async () => {
    write('arenas/counter.mjs', arena('counter', 'mine'));
    write('arenas/counter.test.mjs', 'throw new Error("a test is no arena");');
    write('arenas/shared/model.mjs', 'throw new Error("what is shared is no arena");');
    write('scenarios/mine.json', JSON.stringify(scenario));
    const { arenas, project, scenarios } = await loadCatalogue();
    expect([...(project?.arenas.keys() ?? [])]).toEqual(['counter']);
    expect([...arenas.keys()]).toContain('arena-0-spine');
    expect(scenarios.get('mine')).toEqual(scenario);
  });

  const wrong: readonly (readonly [what: string, file: string, text: string, message: RegExp])[] = [
    [
      'exports nothing',
      'arenas/a.mjs',
      'export const a = 1;',
      /a\.mjs exports nothing by default\. Write "export default/,
    ],
    [
      'exports no arena',
      'arenas/b.mjs',
      'export default {};',
      /b\.mjs exports no arena: Arena name "undefined"/,
    ],
    ['throws', 'arenas/c.mjs', 'throw new Error("broken");', /c\.mjs cannot be loaded: broken/],
    [
      'names no known scenario',
      'arenas/d.mjs',
      arena('d', 'none'),
      /d\.mjs names a scenario "none".*scenarios\/none\.json/,
    ],
    [
      'has a name that is taken',
      'arenas/e.mjs',
      arena('arena-0-spine'),
      /e\.mjs is called "arena-0-spine".*another name/,
    ],
    ['is no JSON', 'scenarios/f.json', '{', /f\.json is not JSON/],
    [
      'is no scenario',
      'scenarios/g.json',
      '{"name":"g"}',
      /g\.json is no scenario: .*scenario\.schema\.json/,
    ],
  ];
  for (const [what, file, text, message] of wrong) {
    it(`are refused where a file ${what}, with the file and what to do`, async () => {
      write(file, text);
      await expect(loadCatalogue()).rejects.toThrow(message);
    });
  }
});
