import { describe, expect, it } from 'vitest';
import { loadCatalogue } from './catalogue.ts';
import { play } from './play.ts';

describe('a database whose every site fires', () => {
  it('keeps every promise to a society that lives with it, crashes and all', async () => {
    const { arenas, scenarios } = await loadCatalogue();
    const scenario = {
      ...scenarios.get('unlikely-paths')!,
      name: 'all-paths',
      sites: { activeOutOf: 1, firesOutOf: 1 },
    };
    const catalogue = { arenas, scenarios: new Map([[scenario.name, scenario]]) };
    const arena = arenas.get('arena-3-chaos')!;
    const unfired = new Set(
      arena.markers.flatMap((marker) =>
        typeof marker !== 'string' && marker.label.startsWith('site.') ? [marker.label] : [],
      ),
    );
    for (const seed of ['1', '2', '3', '4', '5']) {
      const plan = { arena: arena.name, scenario: scenario.name, strategy: 'random', seed, run: 0 };
      const { record, failure } = await play(catalogue, plan);
      expect(failure, `seed ${seed}`).toBeUndefined();
      for (const marker of Object.keys(record.markers)) unfired.delete(marker);
    }
    expect([...unfired]).toEqual([]);
  });
});
