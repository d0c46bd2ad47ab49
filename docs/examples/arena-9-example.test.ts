import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadCatalogue, play, planRun } from '../../src/explore/index.ts';
import arena from './arena-9-example.ts';

it('is the arena that the README shows', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  expect(read('../../README.md')).toContain(
    read('./arena-9-example.ts').replace('../../src/index.ts', '../src/index.ts'),
  );
});

it('holds over a hundred seeds', async () => {
  const { scenarios } = await loadCatalogue();
  const catalogue = { arenas: new Map([[arena.name, arena]]), scenarios };
  const plan = { seed: '1', pairs: [{ arena: arena.name, scenario: 'torn-writes' }] };
  for (let run = 0; run < 100; run++) {
    const { record, failure } = await play(catalogue, planRun(plan, run));
    expect(failure).toBeUndefined();
    expect(record.faults['power-loss']).toBeGreaterThan(0);
  }
});
